// SPDX-License-Identifier: GPL-2.0-or-later
// /proc/interrupts, whole or through grep.
#include "import/interrupts.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "import/format.h"

enum { CPUS_MOST = 8192 };

int irq_compare(const void *a, const void *b)
{
	const char *x = ((const struct snap_irq *)a)->number;
	const char *y = ((const struct snap_irq *)b)->number;
	size_t nx = strlen(x), ny = strlen(y);

	return nx != ny ? (nx > ny) - (nx < ny) : strcmp(x, y);
}

static const char *skip_blanks(const char *p)
{
	return p + strspn(p, " \t");
}

/*
 * Behind the counts: `IR-PCI-MSI 524288-edge      eth0`, `IO-APIC   2-edge      timer`,
 * `XT-PIC-XT-PIC    timer`: the chip, then number and flow where known, then the users
 * behind at least two blanks (kernel/irq/proc.c, show_interrupts()).
 */
static void parse_rest(struct snapshot *s, struct snap_irq *irq, const char *p)
{
	size_t n = strcspn(p, " \t");
	const char *users, *flow;

	/* "-": the chip has no name; "None": there is no chip */
	irq->chip = (n == 1 && *p == '-') || (n == 4 && strncmp(p, "None", 4) == 0)
		? snap_text_none()
		: snap_text_of_mem(s, p, n);
	flow = skip_blanks(p + n);
	n = strcspn(flow, " \t");
	users = flow;
	if (n && strspn(flow, "0123456789") > 0 &&
		(flow[strspn(flow, "0123456789")] == '-' ||
			strspn(flow, "0123456789") == n))
		users = skip_blanks(flow + n);
	if (text_starts(users, "Edge ") || text_starts(users, "Level "))
		users = skip_blanks(users + strcspn(users, " "));
	irq->actions = *users ? snap_text_of(s, users) : snap_text_none();
}

bool irq_line_read(struct snapshot *s, struct arena *scratch, const char *line,
	size_t n_cpus, size_t n_known)
{
	const char *p = skip_blanks(line);
	size_t n = strspn(p, "0123456789");
	struct snap_irq *irq, key = { 0 };

	if (n == 0 || p[n] != ':')
		return false;
	key.number = arena_strndup(scratch, p, n);
	if (n_known && bsearch(&key, s->irqs.v, n_known, sizeof key, irq_compare))
		return true;
	p = skip_blanks(p + n + 1);
	for (size_t i = 0; i < n_cpus && strspn(p, "0123456789"); i++)
		p = skip_blanks(p + strspn(p, "0123456789"));
	if (!*p)
		return false;
	irq = snap_list_add(s, &s->irqs);
	irq->number = arena_strdup(s->arena, key.number);
	parse_rest(s, irq, p);
	return true;
}

/* `           CPU0       CPU1` */
static bool is_head(const char *text)
{
	return text_starts(skip_blanks(text), "CPU0");
}

/* Number, counts, and the name of a chip that PCI functions have. */
static bool is_line(const char *text)
{
	static const char *const chips[] = { " IO-APIC", " IR-", " PCI-MSI", " AMD-Vi",
		" DMAR-MSI", " XT-PIC", " dmar", " AMD_Iommu" };
	const char *p = skip_blanks(text);
	size_t n = strspn(p, "0123456789");

	if (!n || n > 6 || p[n] != ':')
		return false;
	const char *counts = skip_blanks(p + n + 1);
	if (!(*counts >= '0' && *counts <= '9'))
		return false;
	for (size_t i = 0; i < sizeof chips / sizeof chips[0]; i++)
		if (strstr(counts, chips[i]))
			return true;
	return false;
}

/* ` NMI:         10         20   Non-maskable interrupts`, and ` 55: 0 0 amd_gpio …`. */
static bool is_other_line(const char *text)
{
	const char *p = skip_blanks(text);
	size_t n = strspn(p, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
	const char *counts = p[n] == ':' ? skip_blanks(p + n + 1) : p + n;

	return n && n < 6 && p[n] == ':' && *counts >= '0' && *counts <= '9';
}

static size_t interrupts_take(
	const struct import *im, const struct paste_line *v, size_t n)
{
	size_t taken = 1;

	(void)im;
	if (!is_line(v->text) && !(is_head(v->text) && n > 1 && is_other_line(v[1].text)))
		return 0;
	while (taken < n && is_other_line(v[taken].text))
		taken++;
	return taken;
}

static bool is_summary(const char *text, const char *name)
{
	return text_starts(skip_blanks(text), name);
}

/* All of it has a head, the first interrupt and the counts of the local interrupts. */
static bool is_whole(const struct paste_line *v, size_t n)
{
	bool local = false;

	for (size_t i = 0; i < n; i++)
		local |= is_summary(v[i].text, "LOC:");
	return is_head(v->text) && n > 5 && is_summary(v[1].text, "0:") && local;
}

static void interrupts_read(struct import *im, const struct paste_line *v, size_t n)
{
	struct snapshot *s = im->snap;
	bool filtered = im->fresh && im->command.filtered;

	if (snapshot_status(s, SOURCE_IRQ_CHIPS) == STATUS_OK)
		return;
	for (size_t i = is_head(v->text) ? 1 : 0; i < n; i++)
		irq_line_read(s, im->scratch, v[i].text, CPUS_MOST, 0);
	snap_list_collected(&s->irqs);
	import_source(im, SOURCE_IRQ_CHIPS, !filtered && is_whole(v, n));
}

/* A list that was pasted twice has each number twice. */
static void interrupts_finish(struct import *im)
{
	struct snapshot *s = im->snap;
	size_t kept = 0;

	if (s->irqs.n)
		qsort(s->irqs.v, s->irqs.n, sizeof *s->irqs.v, irq_compare);
	for (size_t i = 0; i < s->irqs.n; i++)
		if (!kept || irq_compare(&s->irqs.v[kept - 1], &s->irqs.v[i]) != 0)
			s->irqs.v[kept++] = s->irqs.v[i];
	s->irqs.n = kept;
}

const struct format format_interrupts = {
	.name = "interrupts",
	.title = "/proc/interrupts",
	.take = interrupts_take,
	.read = interrupts_read,
	.finish = interrupts_finish,
};
