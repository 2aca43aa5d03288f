// SPDX-License-Identifier: GPL-2.0-or-later
// ACPI tables of the snapshot: which there are, and the I/O APICs of MADT.
#include <string.h>

#include "base/text.h"
#include "facts/acpi.h"
#include "facts/acpi_bytes.h"
#include "facts/klog.h"

/* What was decoded once, for f->acpi. */
struct acpi {
	bool madt_done, dmar_done, ivrs_done;
	bool madt_fine, dmar_fine, ivrs_fine;
	struct madt_ioapic *ioapics;
	size_t n_ioapics;
	struct dmar dmar;
	struct ivrs ivrs;
	const char *dmar_trouble, *ivrs_trouble;
};

static struct acpi *acpi_of(struct facts *f)
{
	if (!f->acpi)
		f->acpi = arena_new_object(f->arena, struct acpi);
	return f->acpi;
}

const struct snap_acpi_table *acpi_table(const struct facts *f, const char *name)
{
	for (size_t i = 0; i < f->snap->acpi_tables.n; i++) {
		const struct snap_acpi_table *t = &f->snap->acpi_tables.v[i];
		if (text_equal(t->name, name) && t->data.have == HAVE_VALUE)
			return t;
	}
	return NULL;
}

enum tri acpi_has_table(const struct facts *f, const char *name)
{
	const struct snap_texts *present = &f->snap->acpi_present;

	if (acpi_table(f, name))
		return TRI_TRUE;
	for (size_t i = 0; i < present->n; i++) {
		if (text_equal(present->s[i], name))
			return TRI_TRUE;
	}
	/* A directory without a single table is hidden (a container), not a machine
	 * without */
	if (present->have == HAVE_VALUE && present->n > 0)
		return TRI_FALSE;
	return TRI_UNKNOWN;
}

size_t acpi_length(struct arena *a, const uint8_t *p, size_t n, size_t least,
	const char **ret_trouble)
{
	if (n < ACPI_HEADER || n < least) {
		*ret_trouble = arena_printf(a, "it is shorter than its header");
		return 0;
	}
	size_t length = le32(p + 4);
	if (length < least) {
		*ret_trouble = arena_printf(a,
			"its length field says %zu bytes, less than its header", length);
		return 0;
	}
	if (length > n) {
		*ret_trouble = arena_printf(
			a, "its length field says %zu bytes, but it has %zu", length, n);
		return n;
	}
	return length;
}

/* ACPI 6.5, 5.2.12: local address and flags stand between header and entries. */
enum { MADT_ENTRIES = 44, MADT_IOAPIC = 1, MADT_IOAPIC_LENGTH = 12 };

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
		*arena_push(a, list, n_list) = (struct madt_ioapic){ .id = p[at + 2],
			.address = le32(p + at + 4),
			.gsi_base = le32(p + at + 8) };
	}
	if (*ret_trouble)
		return false;
	*ret = list;
	*ret_n = n_list;
	return true;
}

bool madt_ioapics(struct facts *f, const struct madt_ioapic **ret, size_t *ret_n)
{
	struct acpi *acpi = acpi_of(f);

	if (!acpi->madt_done) {
		const struct snap_acpi_table *t = acpi_table(f, "APIC");
		const char *trouble;
		acpi->madt_done = true;
		acpi->madt_fine = t &&
			madt_parse(f->arena, t->data.p, t->data.n, &acpi->ioapics,
				&acpi->n_ioapics, &trouble);
	}
	if (!acpi->madt_fine)
		return false;
	*ret = acpi->ioapics;
	*ret_n = acpi->n_ioapics;
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

bool ioapics_of(struct facts *f, struct ioapics *ret)
{
	struct strbuf text = { 0 };
	struct ioapics list = { .source = "ACPI MADT table" };

	if (!madt_ioapics(f, &list.v, &list.n) && !ioapics_from_log(f, &list))
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

static void dmar_once(struct facts *f, struct acpi *acpi)
{
	const struct snap_acpi_table *t = acpi_table(f, "DMAR");

	if (acpi->dmar_done)
		return;
	acpi->dmar_done = true;
	if (t)
		acpi->dmar_fine = dmar_parse(
			f->arena, t->data.p, t->data.n, &acpi->dmar, &acpi->dmar_trouble);
}

static void ivrs_once(struct facts *f, struct acpi *acpi)
{
	const struct snap_acpi_table *t = acpi_table(f, "IVRS");

	if (acpi->ivrs_done)
		return;
	acpi->ivrs_done = true;
	if (t)
		acpi->ivrs_fine = ivrs_parse(
			f->arena, t->data.p, t->data.n, &acpi->ivrs, &acpi->ivrs_trouble);
}

const struct dmar *dmar_decode(struct facts *f)
{
	struct acpi *acpi = acpi_of(f);

	dmar_once(f, acpi);
	return acpi->dmar_fine ? &acpi->dmar : NULL;
}

const char *dmar_trouble(struct facts *f)
{
	struct acpi *acpi = acpi_of(f);

	dmar_once(f, acpi);
	return acpi->dmar_trouble;
}

const struct ivrs *ivrs_decode(struct facts *f)
{
	struct acpi *acpi = acpi_of(f);

	ivrs_once(f, acpi);
	return acpi->ivrs_fine ? &acpi->ivrs : NULL;
}

const char *ivrs_trouble(struct facts *f)
{
	struct acpi *acpi = acpi_of(f);

	ivrs_once(f, acpi);
	return acpi->ivrs_trouble;
}
