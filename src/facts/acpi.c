// SPDX-License-Identifier: GPL-2.0-or-later
// ACPI tables of the snapshot: which there are, each decoded once.
#include <string.h>

#include "base/text.h"
#include "facts/acpi.h"
#include "facts/acpi_bytes.h"

/* What was decoded once, for f->acpi. */
struct acpi {
	bool madt_done, dmar_done, ivrs_done, mcfg_done, viot_done;
	bool madt_fine, dmar_fine, ivrs_fine, mcfg_fine, viot_fine;
	struct madt_ioapic *ioapics;
	size_t n_ioapics;
	struct dmar dmar;
	struct ivrs ivrs;
	struct mcfg_range *mcfg;
	size_t n_mcfg;
	struct viot viot;
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

bool mcfg_decode(struct facts *f, const struct mcfg_range **ret, size_t *ret_n)
{
	struct acpi *acpi = acpi_of(f);

	if (!acpi->mcfg_done) {
		const struct snap_acpi_table *t = acpi_table(f, "MCFG");
		const char *trouble;
		acpi->mcfg_done = true;
		acpi->mcfg_fine = t &&
			mcfg_parse(f->arena, t->data.p, t->data.n, &acpi->mcfg,
				&acpi->n_mcfg, &trouble);
	}
	*ret = acpi->mcfg;
	*ret_n = acpi->n_mcfg;
	return acpi->mcfg_fine;
}

const struct viot *viot_decode(struct facts *f)
{
	struct acpi *acpi = acpi_of(f);

	if (!acpi->viot_done) {
		const struct snap_acpi_table *t = acpi_table(f, "VIOT");
		const char *trouble;
		acpi->viot_done = true;
		acpi->viot_fine = t &&
			viot_parse(f->arena, t->data.p, t->data.n, &acpi->viot, &trouble);
	}
	return acpi->viot_fine ? &acpi->viot : NULL;
}
