// SPDX-License-Identifier: GPL-2.0-or-later
// Fuzzes the decoders of ACPI tables: the first byte says which, the rest is the table.
#include "fuzz.h"

enum { HEADER = 36, CHECKSUM = 9 };

/* Length and checksum, so that what lies behind them is reached; the first byte may leave
 * them alone. */
static void table_heal(uint8_t *p, size_t n)
{
	uint8_t sum = 0;

	if (n < HEADER)
		return;
	for (size_t i = 0; i < 4; i++)
		p[4 + i] = (uint8_t)(n >> (8 * i));
	p[CHECKSUM] = 0;
	for (size_t i = 0; i < n; i++)
		sum += p[i];
	p[CHECKSUM] = (uint8_t)-sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = { "DMAR", "IVRS", "APIC", "MCFG", "VIOT",
		"VFCT" };

	if (!size)
		return FUZZ_REJECT;
	struct snapshot *s = fuzz_machine();
	struct snap_acpi_table *t = snap_list_add(s, &s->acpi_tables);
	uint8_t *copy = arena_memdup(s->arena, data, size);
	t->name = names[(data[0] & 0x7f) % (sizeof names / sizeof names[0])];
	snap_texts_add(s, &s->acpi_present, t->name);
	if (!(data[0] & 0x80))
		table_heal(copy + 1, size - 1);
	t->data = snap_bytes_of(s, copy + 1, size - 1);
	if (strcmp(t->name, "IVRS") == 0) {
		s->cpu.vendor_id = snap_text_of(s, "AuthenticAMD");
		s->cpu.flags = snap_text_of(s, "svm");
	}
	fuzz_judge(s, 0);
	snapshot_free(s);
	return 0;
}
