// SPDX-License-Identifier: GPL-2.0-or-later
// /proc/interrupts in a paste.
#include "import_kit.h"

TEST(whole)
{
	struct snapshot *s = kit_begin();

	is_int(kit_read(&format_interrupts,
		       "            CPU0       CPU1\n"
		       "   0:         12          0  IR-IO-APIC    2-edge      timer\n"
		       "   8:          0          1  IR-IO-APIC    8-edge      rtc0\n"
		       "  24:          0          0  DMAR-MSI    0-edge      dmar0\n"
		       " 120:          0          0  IR-PCI-MSI 327680-edge      xhci_hcd\n"
		       " NMI:          5          6   Non-maskable interrupts\n"
		       " LOC:        100        100   Local timer interrupts\n"),
		7);
	format_interrupts.finish(&kit_im);
	is_int(s->irqs.n, 4);
	is_str(snap_str(s->irqs.v[3].chip), "IR-PCI-MSI");
	is_str(snap_str(s->irqs.v[3].actions), "xhci_hcd");
	is_int(snapshot_status(s, SOURCE_IRQ_CHIPS), STATUS_OK);
	kit_end();
}

TEST(grepped_and_twice)
{
	struct snapshot *s = kit_begin();
	static const char line[] =
		" 45:   1   0   0   0  PCI-MSI 524288-edge      vfio-msi[0](0000:01:00.0)\n";

	is_int(kit_read(&format_interrupts, line), 1);
	is_int(kit_read(&format_interrupts, line), 1);
	format_interrupts.finish(&kit_im);
	is_int(s->irqs.n, 1);
	is_str(s->irqs.v[0].number, "45");
	is_str(snap_str(s->irqs.v[0].chip), "PCI-MSI");
	is_int(snapshot_status(s, SOURCE_IRQ_CHIPS), STATUS_TRUNCATED);
	kit_end();
}

TEST(other_text_is_none)
{
	static const char *const lines[] = { "1: first thing", "12: 34", "CPU0 is hot",
		"1: PCI-MSI is on", "00:02.0 VGA" };

	kit_begin();
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
		is_int(kit_take(&format_interrupts, lines[i]), 0);
	kit_end();
}
