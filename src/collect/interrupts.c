// SPDX-License-Identifier: GPL-2.0-or-later
// Interrupts: their chips, whose names tell whether they are remapped, and their users.
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "collect/sources.h"
#include "import/interrupts.h"

static bool is_number(const char *s)
{
	return *s && s[strspn(s, "0123456789")] == '\0';
}

/* /sys/kernel/irq/N/{chip_name,actions}, since 4.9: kernel/irq/irqdesc.c. Returns how
 * many chips were named. */
static size_t read_sysfs(struct snapshot *s, const struct root *r, struct arena *scratch,
	enum source_status *ret_status)
{
	struct root dir;
	char **names;
	size_t n, n_chips = 0;

	*ret_status = root_list(r, scratch, "sys/kernel/irq", &names, &n);
	if (*ret_status != STATUS_OK || !root_enter(r, "sys/kernel/irq", &dir))
		return 0;
	for (size_t i = 0; i < n; i++) {
		struct snap_irq *irq;

		if (!is_number(names[i]))
			continue;
		irq = snap_list_add(s, &s->irqs);
		irq->number = arena_strdup(s->arena, names[i]);
		irq->chip = root_read_attr(
			&dir, s, arena_printf(scratch, "%s/chip_name", names[i]));
		irq->actions = root_read_attr(
			&dir, s, arena_printf(scratch, "%s/actions", names[i]));
		n_chips += irq->chip.have == HAVE_VALUE;
	}
	root_close(&dir);
	return n_chips;
}

static enum source_status read_procfs(
	struct snapshot *s, const struct root *r, struct arena *scratch)
{
	struct root_bytes b = root_read(r, scratch, "proc/interrupts", ROOT_LARGE);
	size_t n, n_cpus, n_sysfs = s->irqs.n;
	char **lines;

	if (b.status != STATUS_OK)
		return b.status;
	lines = text_lines(scratch, (const char *)b.p, &n);
	if (n == 0)
		return STATUS_ERROR;
	text_split(scratch, lines[0], " \t", &n_cpus); /* CPU0 CPU1 … */
	if (n_sysfs)
		qsort(s->irqs.v, n_sysfs, sizeof *s->irqs.v, irq_compare);
	for (size_t i = 1; i < n; i++)
		irq_line_read(s, scratch, lines[i], n_cpus, n_sysfs);
	return s->irqs.n ? STATUS_OK : STATUS_ERROR;
}

void collect_interrupts(
	struct snapshot *s, const struct root *r, const struct collect_options *options)
{
	struct arena *scratch = arena_new();
	enum source_status status;
	size_t n_chips = read_sysfs(s, r, scratch, &status);

	(void)options;
	/* The kernel writes /proc/interrupts from the same records, but its chips cannot
	 * be told from what follows for sure ("Hyper-V PCIe MSI"), and on a large machine
	 * it is megabytes of counts: only where sysfs has nothing, or where a copy lacks
	 * some. */
	if (!r->live || n_chips == 0) {
		enum source_status other = read_procfs(s, r, scratch);

		if (status != STATUS_OK)
			status = other;
	}
	if (status == STATUS_OK)
		snap_list_collected(&s->irqs);
	if (s->irqs.n)
		qsort(s->irqs.v, s->irqs.n, sizeof *s->irqs.v, irq_compare);
	snapshot_set_status(s, SOURCE_IRQ_CHIPS, status,
		status == STATUS_ABSENT ? "no /sys/kernel/irq and no /proc/interrupts"
					: NULL);
	arena_free(scratch);
}
