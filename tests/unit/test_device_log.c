// SPDX-License-Identifier: GPL-2.0-or-later
// What the log says of one function: DMA faults and errors of its link, in every wording.
#include "machine.h"
#include "tap.h"

#define PCI       (1u << SOURCE_PCI | 1u << SOURCE_IOMMU_GROUPS)
#define LENGTH(a) (sizeof(a) / sizeof(a)[0])

static const struct fact *of(struct facts *f, const char *address, const char *name)
{
	return fact_of(f, machine_fn(f, address)->device, name);
}

/* One line each, as a kernel of that time prints it, and the reason it tells. */
static const struct {
	const char *line, *reason;
} fault_lines[] = {
	/* 3.x, 4.1: the reason stands in the next line */
	{ "dmar: DMAR:[DMA Read] Request device [01:00.0] fault addr fff0000 ",
		"not told in that line" },
	/* 4.9, 4.19 */
	{ "DMAR: [DMA Read] Request device [01:00.0] fault addr fff0000 [fault reason "
	  "06] PTE Read access is not set",
		"PTE Read access is not set" },
	/* 5.4, 5.10 */
	{ "DMAR: [DMA Write] Request device [01:00.0] PASID ffffffff fault addr 1000 "
	  "[fault reason 05] PTE Write access is not set",
		"PTE Write access is not set" },
	/* 5.15 and later */
	{ "DMAR: [DMA Write NO_PASID] Request device [01:00.0] fault addr 0x1000 [fault "
	  "reason 0x02] Present bit in context entry is clear",
		"Present bit in context entry is clear" },
	{ "DMAR: [DMA Read PASID 0x1] Request device [01:00.0] fault addr 0x1000 [fault "
	  "reason 0x0c] non-zero reserved fields in PTE",
		"non-zero reserved fields in PTE" },
	/* 4.9, whole and broken in two */
	{ "AMD-Vi: Event logged [IO_PAGE_FAULT device=01:00.0 domain=0x0000 "
	  "address=0x00000000fdf00000 flags=0x0020]",
		"IO_PAGE_FAULT flags=0x0020" },
	{ "IO_PAGE_FAULT device=01:00.0 domain=0x0000 address=0x00000000fdf00000 "
	  "flags=0x0010]",
		"IO_PAGE_FAULT flags=0x0010" },
	/* 4.19 and later, with a driver */
	{ "vfio-pci 0000:01:00.0: AMD-Vi: Event logged [IO_PAGE_FAULT domain=0x0018 "
	  "address=0x00000000fdf00000 flags=0x0000]",
		"IO_PAGE_FAULT flags=0x0000" },
	{ "vfio-pci 0000:01:00.0: Event logged [IO_PAGE_FAULT domain=0x0018 "
	  "address=0xfdf00000 flags=0x0070]",
		"IO_PAGE_FAULT flags=0x0070" },
	/* 6.1 and later, with a domain */
	{ "AMD-Vi: Event logged [IO_PAGE_FAULT device=0000:01:00.0 domain=0x0018 "
	  "address=0xfdf00000 flags=0x0050]",
		"IO_PAGE_FAULT flags=0x0050" },
	{ "pci 0000:00:00.2: AMD-Vi: Event logged [INVALID_DEVICE_REQUEST "
	  "device=0000:01:00.0 pasid=0x00000 address=0xfffffffdf8000000 flags=0x0a00]",
		"INVALID_DEVICE_REQUEST flags=0x0a00" },
	{ "pci 0000:00:00.2: AMD-Vi: Event logged [ILLEGAL_DEV_TABLE_ENTRY "
	  "device=01:00.0 pasid=0x00000 address=0xfffffffdf8000000 flags=0x0080]",
		"ILLEGAL_DEV_TABLE_ENTRY flags=0x0080" },
	{ "pci 0000:00:00.2: AMD-Vi: Event logged [PAGE_TAB_HARDWARE_ERROR "
	  "device=0000:01:00.0 pasid=0x0000 address=0x0 flags=0x0001]",
		"PAGE_TAB_HARDWARE_ERROR flags=0x0001" },
	{ "pci 0000:00:00.2: AMD-Vi: Event logged [DEV_TAB_HARDWARE_ERROR "
	  "device=0000:01:00.0 address=0x0 flags=0x0002]",
		"DEV_TAB_HARDWARE_ERROR flags=0x0002" },
};

TEST(every_wording_of_a_fault)
{
	for (size_t i = 0; i < LENGTH(fault_lines); i++) {
		struct snapshot *s = machine_new(PCI);
		struct facts *f;

		machine_pci(s, "0000:00:00.2", 0x080600, -1);
		machine_pci(s, "0000:01:00.0", 0x030000, 1);
		machine_log(s, "[    0.0] Linux version 6.12.0");
		machine_log(s, fault_lines[i].line);
		f = facts_new(s, NULL);
		is_int(of(f, "01:00.0", "faults.count")->i, 1);
		is_int(of(f, "00:00.2", "faults.count")->i, 0);
		is_int(of(f, "01:00.0", "faults.reasons")->n, 1);
		is_str(of(f, "01:00.0", "faults.reasons")->list[0],
			fault_lines[i].reason);
		facts_free(f);
		snapshot_free(s);
	}
}

/* A card behind a root port, and one on its own. */
static struct snapshot *card_and_port(void)
{
	struct snapshot *s = machine_new(PCI);

	machine_pci(s, "0000:00:01.0", 0x060400, 1);
	machine_pci(s, "0000:00:02.0", 0x030000, 2);
	machine_pci(s, "0000:01:00.0", 0x030000, 1)->parent =
		snap_text_of(s, "0000:00:01.0");
	machine_log(s, "[    0.0] Linux version 6.12.0");
	return s;
}

static const char *const error_lines[] = {
	/* 4.9 */
	"pcieport 0000:00:01.0: PCIe Bus Error: severity=Corrected, type=Physical Layer, "
	"id=0008(Receiver ID)",
	/* 5.4 */
	"pcieport 0000:00:01.0: AER: PCIe Bus Error: severity=Corrected, type=Physical "
	"Layer, (Receiver ID)",
	/* 6.12 */
	"vfio-pci 0000:01:00.0: PCIe Bus Error: severity=Uncorrectable (Non-Fatal), "
	"type=Transaction Layer, (Requester ID)",
	/* Firmware first */
	"pcieport 0000:00:01.0: AER: aer_status: 0x00000001, aer_mask: 0x00002000",
	"pcieport 0000:00:01.0: aer_status: 0x00000001, aer_mask: 0x00002000",
};

TEST(errors_of_the_link)
{
	struct snapshot *s = card_and_port();
	const struct fact *kinds;
	struct facts *f;

	for (size_t i = 0; i < LENGTH(error_lines); i++)
		machine_log(s, error_lines[i]);
	machine_log(
		s, "pcieport 0000:00:01.0: AER: Corrected error received: 0000:00:01.0");
	f = facts_new(s, NULL);
	is_int(of(f, "01:00.0", "link.errors")->i, LENGTH(error_lines));
	is_int(of(f, "00:01.0", "link.errors")->i, LENGTH(error_lines) - 1);
	is_int(of(f, "00:02.0", "link.errors")->i, 0);
	kinds = of(f, "01:00.0", "link.error-kinds");
	is_int(kinds->n, 3);
	is_str(kinds->list[0], "Corrected");
	is_str(kinds->list[1], "Uncorrectable (Non-Fatal)");
	ok(!kinds->open);
	facts_free(f);
	/* Few lines of a log that lost some prove nothing */
	s->log.complete = snap_bool_of(false);
	f = facts_new(s, NULL);
	is_int(of(f, "01:00.0", "link.errors")->state, FACT_ABSENT);
	ok(of(f, "01:00.0", "link.error-kinds")->open);
	facts_free(f);
	/* Many do */
	for (size_t i = 0; i < 20; i++)
		machine_log(s, error_lines[0]);
	s->log.complete = snap_bool_of(false);
	f = facts_new(s, NULL);
	is_int(of(f, "01:00.0", "link.errors")->i, LENGTH(error_lines) + 20);
	facts_free(f);
	snapshot_free(s);
}

TEST(a_port_that_is_not_known)
{
	struct snapshot *s = card_and_port();
	struct facts *f;

	s->pci.v[2].parent = (struct snap_text){ HAVE_NOT, NULL };
	f = facts_new(s, NULL);
	is_int(of(f, "01:00.0", "link.errors")->state, FACT_ABSENT);
	is_int(of(f, "01:00.0", "link.down")->state, FACT_ABSENT);
	is_int(of(f, "00:02.0", "link.errors")->i, 0);
	facts_free(f);
	s->pci.v[2].parent = snap_text_of(s, "0000:00:1c.0");
	f = facts_new(s, NULL);
	is_int(of(f, "01:00.0", "link.errors")->state, FACT_ABSENT);
	facts_free(f);
	snapshot_free(s);
}

TEST(link_that_did_not_come_up)
{
	struct snapshot *s = card_and_port();
	struct facts *f;

	machine_log(s,
		"pcieport 0000:00:01.0: Data Link Layer Link Active not set in 1000 msec");
	machine_log(s,
		"pcieport 0000:00:01.0: Data Link Layer Link Active not set in 100 msec");
	f = facts_new(s, NULL);
	is_int(of(f, "01:00.0", "link.down")->n, 1);
	is_str(of(f, "01:00.0", "link.down")->devs[0]->addr, "0000:00:01.0");
	is_int(of(f, "00:02.0", "link.down")->state, FACT_VALUE);
	is_int(of(f, "00:02.0", "link.down")->n, 0);
	facts_free(f);
	snapshot_free(s);
}

/* The kernel prints ten in five seconds and counts the others. */
TEST(faults_that_were_not_printed)
{
	static const char *const lines[] = {
		"DMAR: [DMA Read] Request device [01:00.0] fault addr 1000",
		"dmar_fault: 893 callbacks suppressed",
		"DMAR: [DMA Read] Request device [01:00.0] fault addr 1000",
		"dmar_fault: 100 callbacks suppressed",
		"DMAR: [DMA Read] Request device [00:02.0] fault addr 1000",
	};
	struct snapshot *s = card_and_port();
	struct facts *f;

	for (size_t i = 0; i < LENGTH(lines); i++)
		machine_log(s, lines[i]);
	s->log.complete = snap_bool_of(false);
	f = facts_new(s, NULL);
	is_int(of(f, "01:00.0", "faults.count")->i, 895);
	is_int(of(f, "00:02.0", "faults.count")->state, FACT_ABSENT);
	facts_free(f);
	snapshot_free(s);
}
