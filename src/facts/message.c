// SPDX-License-Identifier: GPL-2.0-or-later
// Error messages that somebody quoted: what they are about.
#include "facts/message.h"

#include <string.h>

#include "base/text.h"
#include "facts/derive.h"
#include "facts/subjects.h"

enum {
	MAX_MESSAGES = 256, /* what a hostile snapshot may cost */
	MAX_NAMED = 8,      /* of one message */
	VIRSH_ADDRESS = 16, /* `pci_0000_01_00_0` */
};

/* What one message names. */
struct named {
	struct bdf addresses[MAX_NAMED];
	size_t n_addresses;
	int64_t groups[MAX_NAMED];
	size_t n_groups;
	bool asks; /* the first address is what was to be handed over */
};

struct messages {
	struct named *v;
	size_t n;
};

static bool is_word_char(char c)
{
	return hex_digit(c) >= 0 || (c >= 'g' && c <= 'z') || (c >= 'G' && c <= 'Z');
}

static void name_address(struct named *m, struct bdf b)
{
	for (size_t i = 0; i < m->n_addresses; i++)
		if (!bdf_compare(m->addresses[i], b))
			return;
	if (m->n_addresses < MAX_NAMED)
		m->addresses[m->n_addresses++] = b;
}

/* The name that libvirt gives a device: virPCIDeviceAddress with underlines. */
static bool virsh_address(const char *p, struct bdf *ret)
{
	char text[VIRSH_ADDRESS - 4 + 1];

	if (!text_starts(p, "pci_") || strnlen(p, VIRSH_ADDRESS) < VIRSH_ADDRESS)
		return false;
	memcpy(text, p + 4, sizeof text - 1);
	text[sizeof text - 1] = '\0';
	if (text[4] != '_' || text[7] != '_' || text[10] != '_')
		return false;
	text[4] = text[7] = ':';
	text[10] = '.';
	return bdf_parse(text, ret);
}

/* The number of an IOMMU group at P, as QEMU, libvirt and the kernel write of one. */
static bool group_number(const char *p, int64_t *ret)
{
	static const char *const heads[] = { "group ", "/dev/vfio/", "iommu_groups/" };
	size_t n = 0;

	for (size_t i = 0; i < sizeof heads / sizeof heads[0] && !n; i++)
		if (text_starts(p, heads[i]))
			n = strlen(heads[i]);
	if (!n || p[n] < '0' || p[n] > '9')
		return false;
	*ret = 0;
	for (; p[n] >= '0' && p[n] <= '9'; n++)
		if (*ret < 1000000)
			*ret = *ret * 10 + (p[n] - '0');
	return true;
}

static void name_group(struct named *m, int64_t id)
{
	if (m->n_groups < MAX_NAMED)
		m->groups[m->n_groups++] = id;
}

/*
 * The first address is that of the device in hand, except in libvirt's `Active A devices
 * on bus with ADDR, not doing bus reset` (src/util/virpci.c), which begins with another.
 */
static void read_message(struct named *m, const char *text)
{
	const char *end;
	struct bdf b;
	int64_t id;

	for (const char *p = text; *p; p++) {
		if (p > text && is_word_char(p[-1]))
			continue;
		if (bdf_scan(p, &b, &end) && !is_word_char(*end)) {
			name_address(m, b);
			p = end - 1;
		} else if (virsh_address(p, &b)) {
			name_address(m, b);
			p += VIRSH_ADDRESS - 1;
		} else if (group_number(p, &id)) {
			name_group(m, id);
		}
	}
	m->asks = m->n_addresses && !strstr(text, "Active ");
}

static const struct messages *messages_of(struct facts *f)
{
	const struct snap_texts *all = &f->snap->messages;
	struct messages *m = f->messages;

	if (m)
		return m;
	f->messages = m = arena_new_object(f->arena, struct messages);
	if (all->have == HAVE_VALUE)
		m->n = all->n < MAX_MESSAGES ? all->n : MAX_MESSAGES;
	m->v = arena_alloc(f->arena, (m->n + 1) * sizeof *m->v);
	for (size_t i = 0; i < m->n; i++)
		read_message(&m->v[i], all->s[i]);
	return m;
}

bool message_asks_for(struct facts *f, const struct fn *fn)
{
	const struct messages *m = messages_of(f);

	for (size_t i = 0; i < m->n; i++)
		if (m->v[i].asks && !bdf_compare(m->v[i].addresses[0], fn->bdf))
			return true;
	return false;
}

static void about_group(struct facts *f, struct subject *s, const struct group *g)
{
	for (size_t i = 0; g && i < g->n; i++)
		subject_about(f, s, g->members[i]);
}

/*
 * A message about a function is about its whole group: that is what is handed over.
 * One that names what the scan does not have is about nothing else: with less evidence it
 * must not touch more devices.
 */
static void add_subject(struct facts *f, const char *text, const struct named *m)
{
	struct subject *s = subject_new(f, SCOPE_MESSAGE, text);

	s->item = text;
	s->host_wide = !m->n_addresses && !m->n_groups;
	for (size_t i = 0; i < m->n_addresses; i++) {
		struct fn *fn = facts_find(f, m->addresses[i]);

		if (!fn)
			continue;
		subject_about(f, s, fn);
		about_group(f, s, fn->group);
	}
	for (size_t i = 0; i < m->n_groups; i++)
		for (size_t k = 0; k < f->n_groups; k++)
			if (f->groups[k].id == m->groups[i])
				about_group(f, s, &f->groups[k]);
}

static bool is_known(const struct facts *f, const char *text)
{
	const struct subject_list *list = &f->scopes[SCOPE_MESSAGE];

	for (size_t i = 0; i < list->n; i++)
		if (text_equal(list->v[i]->key, text))
			return true;
	return false;
}

/* Where nobody quoted a message there is nothing to judge, and nothing unknown either. */
void subjects_list_messages(struct facts *f)
{
	const struct messages *m = messages_of(f);

	for (size_t i = 0; i < m->n; i++)
		if (!is_known(f, f->snap->messages.s[i]))
			add_subject(f, f->snap->messages.s[i], &m->v[i]);
	subjects_listed(f, SCOPE_MESSAGE, TRI_TRUE, 0);
}

void derive_message_text(struct facts *f, const struct subject *s, struct fact *out)
{
	(void)f;
	fact_set_text(out, s->item);
}
