// SPDX-License-Identifier: GPL-2.0-or-later
// The I/O APICs of the machine: those of MADT that the kernel registers, else the log's.
#include <string.h>

#include "base/text.h"
#include "facts/acpi.h"
#include "facts/acpi_bytes.h"
#include "facts/klog.h"

/* ACPI 6.5, 5.2.12: local address and flags stand between header and entries. */
enum {
	MADT_ENTRIES = 44,
	MADT_IOAPIC = 1,
	MADT_IOAPIC_LENGTH = 12,
	MOST_IOAPICS = 128 /* MAX_IO_APICS of 64-bit kernels */
};

/*
 * mp_register_ioapic() of arch/x86/kernel/apic/io_apic.c leaves some out: those without
 * an address, at the address of an earlier one, or whose interrupts begin where those of
 * an earlier one do. Which others overlap is known only to the hardware.
 */
static bool ioapic_add(
	struct arena *a, struct madt_ioapic **list, size_t *n, struct madt_ioapic new)
{
	if (!new.address || *n >= MOST_IOAPICS)
		return false;
	for (size_t i = 0; i < *n; i++) {
		const struct madt_ioapic *old = &(*list)[i];
		if (old->address == new.address || old->gsi_base == new.gsi_base)
			return false;
		new.unsure |= old->id == new.id; /* io_apic_unique_id() */
	}
	*arena_push(a, *list, *n) = new;
	return true;
}

bool madt_parse(struct arena *a, const uint8_t *p, size_t n, struct madt_ioapic **ret,
	size_t *ret_n, const char **ret_trouble)
{
	struct madt_ioapic *list = NULL;
	size_t n_list = 0;

	*ret_trouble = NULL;
	n = acpi_length(a, p, n, MADT_ENTRIES, ret_trouble);
	for (size_t at = MADT_ENTRIES; !*ret_trouble && at < n; at += p[at + 1]) {
		if (n - at < 2 || p[at + 1] < 2 || p[at + 1] > n - at) {
			*ret_trouble =
				arena_printf(a, "bad entry length at byte %zu", at);
			break;
		}
		if (p[at] != MADT_IOAPIC || p[at + 1] < MADT_IOAPIC_LENGTH)
			continue;
		ioapic_add(a, &list, &n_list,
			(struct madt_ioapic){ .id = p[at + 2],
				.address = le32(p + at + 4),
				.gsi_base = le32(p + at + 8) });
	}
	if (*ret_trouble)
		return false;
	*ret = list;
	*ret_n = n_list;
	return true;
}

/* arch/x86/kernel/apic/io_apic.c, mp_register_ioapic() */
static const char log_ioapic[] =
	"IOAPIC[{n:dec}]: apic_id {id:dec}, version {v:dec}, address {a:hex}, "
	"GSI {gsi:dec}-{end:dec}";

static bool ioapics_from_log(struct facts *f, struct ioapics *ret)
{
	struct template *t = arena_new_object(f->arena, struct template);
	struct madt_ioapic *list = NULL;
	const struct klog_match *m;
	const char *error;
	size_t n, n_list = 0;

	if (!template_compile(f->arena, log_ioapic, t, &error))
		return false;
	m = klog_match_all(f, t, &n);
	for (size_t i = 0; i < n; i++) {
		uint64_t id, gsi;
		bool known = false;
		if (!text_to_u64(klog_hole(f, &m[i], "id"), &id) || id > UINT8_MAX ||
			!text_to_u64(klog_hole(f, &m[i], "gsi"), &gsi) ||
			gsi > UINT32_MAX)
			continue;
		/* The line is printed again when a kernel is started from this one */
		for (size_t j = 0; j < n_list; j++)
			known |= list[j].id == id;
		if (!known)
			*arena_push(f->arena, list, n_list) =
				(struct madt_ioapic){ .id = (uint8_t)id,
					.gsi_base = (uint32_t)gsi };
	}
	if (!n_list)
		return false;
	*ret = (struct ioapics){ .v = list,
		.n = n_list,
		.open = !klog_complete(f),
		.source = arena_printf(f->arena, "kernel log %s", m[0].line->stamp) };
	return true;
}

/* The same function leaves out those that only the hardware shows to be useless. */
static const char *const log_dead[] = {
	"I/O APIC {address:hex} registers return all ones, skipping", NULL
};
static const char *const log_overlap[] = {
	"GSI range [{gsi:dec}-{end:dec}] for new IOAPIC conflicts with", NULL
};

static bool hole_is(
	struct facts *f, const char *const *patterns, const char *hole, uint32_t value)
{
	size_t n;
	const struct klog_match *const *m = klog_list(f, patterns, &n);
	uint64_t number;

	for (size_t i = 0; i < n; i++) {
		if (text_to_u64(klog_hole(f, m[i], hole), &number) && number == value)
			return true;
	}
	return false;
}

static bool ioapics_from_madt(struct facts *f, struct ioapics *ret)
{
	struct madt_ioapic *list = NULL;
	const struct madt_ioapic *all;
	size_t n_all, n = 0;

	if (!madt_ioapics(f, &all, &n_all))
		return false;
	for (size_t i = 0; i < n_all; i++) {
		if (!hole_is(f, log_dead, "address", all[i].address) &&
			!hole_is(f, log_overlap, "gsi", all[i].gsi_base))
			*arena_push(f->arena, list, n) = all[i];
	}
	*ret = (struct ioapics){ .v = list, .n = n, .source = "ACPI MADT table" };
	return true;
}

bool ioapics_of(struct facts *f, struct ioapics *ret)
{
	struct strbuf text = { 0 };
	struct ioapics list;

	if (!ioapics_from_madt(f, &list) && !ioapics_from_log(f, &list))
		return false;
	strbuf_add(&text, list.n ? "I/O APIC " : "no I/O APIC");
	for (size_t i = 0; i < list.n; i++)
		strbuf_addf(&text, "%s%u at GSI %u", i ? ", " : "",
			(unsigned)list.v[i].id, (unsigned)list.v[i].gsi_base);
	list.text = strbuf_finish(&text, f->arena);
	*ret = list;
	return true;
}

const struct madt_ioapic *ioapics_southbridge(const struct ioapics *list)
{
	for (size_t i = 0; i < list->n; i++) {
		if (list->v[i].gsi_base == 0)
			return &list->v[i];
	}
	return NULL;
}
