// SPDX-License-Identifier: GPL-2.0-or-later
// Facts of the processor, of KVM and of what the kernel runs on.
#include "machine.h"
#include "tap.h"

static void leaf(
	struct snapshot *s, uint64_t n, uint32_t a, uint32_t b, uint32_t c, uint32_t d)
{
	*snap_list_add(s, &s->cpu.leaves) = (struct snap_cpuid){ n, 0, a, b, c, d };
}

enum { VMX = 1 << 5, SVM = 1 << 2 };
static const uint32_t hypervisor = 1u << 31;

/* "GenuineIntel" with the feature bits ECX. */
static void intel(struct snapshot *s, uint32_t ecx)
{
	leaf(s, 0, 0xd, 0x756e6547, 0x6c65746e, 0x49656e69);
	leaf(s, 1, 0x50654, 0, ecx, 0);
	leaf(s, 0x80000001, 0, 0, 0, 0);
	leaf(s, 0x80000008, 0x3027, 0, 0, 0);
}

static void amd(struct snapshot *s, uint32_t ecx, uint32_t extended)
{
	leaf(s, 0, 0xd, 0x68747541, 0x444d4163, 0x69746e65);
	leaf(s, 1, 0x800f12, 0, ecx, 0);
	leaf(s, 0x80000001, 0, 0, extended, 0);
}

static const struct fact *host(struct facts *f, const char *name)
{
	return fact_of(f, f->scopes[SCOPE_HOST].v[0], name);
}

TEST(cpuid_decides)
{
	struct snapshot *s = machine_new(0);
	intel(s, VMX);
	struct facts *f = facts_new(s, NULL);

	is_str(host(f, "cpu.vendor")->text, "GenuineIntel");
	is_str(host(f, "cpu.virt")->text, "VT-x");
	is_str(host(f, "kvm.module")->text, "kvm_intel");
	is_int(host(f, "cpu.phys-bits")->i, 39);
	is_str(host(f, "host.kind")->text, "bare");
	is_int(host(f, "host.hypervisor")->state, FACT_NONE);
	is_int(host(f, "cpu.virt-usable")->state, FACT_ABSENT);
	facts_free(f);
	snapshot_free(s);
}

TEST(clear_bits_are_none)
{
	struct snapshot *s = machine_new(0);
	amd(s, 0, 0);
	struct facts *f = facts_new(s, NULL);

	is_str(host(f, "cpu.vendor")->text, "AuthenticAMD");
	is_int(host(f, "cpu.virt")->state, FACT_NONE);
	is_str(host(f, "kvm.module")->text, "kvm_amd");
	facts_free(f);
	snapshot_free(s);
}

TEST(missing_flag_proves_nothing_without_cpuid)
{
	struct snapshot *s = machine_new(0);
	s->cpu.vendor_id = snap_text_of(s, "GenuineIntel");
	s->cpu.flags = snap_text_of(s, "fpu vme pae");
	s->cpu.address_sizes = snap_text_of(s, "46 bits physical, 48 bits virtual");
	struct facts *f = facts_new(s, NULL);

	is_int(host(f, "cpu.virt")->state, FACT_ABSENT);
	is_int(host(f, "cpu.virt-usable")->state, FACT_ABSENT);
	is_str(host(f, "host.kind")->text, "bare");
	is_int(host(f, "cpu.phys-bits")->i, 46);
	facts_free(f);
	s->cpu.flags = snap_text_of(s, "fpu vmx hypervisor");
	f = facts_new(s, NULL);
	is_str(host(f, "cpu.virt")->text, "VT-x");
	is_str(host(f, "host.kind")->text, "vm");
	facts_free(f);
	snapshot_free(s);
}

TEST(firmware_switched_it_off)
{
	struct snapshot *s = machine_new(0);
	intel(s, VMX);
	s->cpu.flags = snap_text_of(s, "fpu vme pae");
	struct facts *f = facts_new(s, NULL);

	is_int(host(f, "cpu.virt-usable")->state, FACT_VALUE);
	is_int(host(f, "cpu.virt-usable")->b, false);
	facts_free(f);
	snapshot_free(s);
}

TEST(a_flag_of_an_old_kernel_needs_more)
{
	struct snapshot *s = machine_new(0);
	amd(s, 0, SVM);
	s->cpu.flags = snap_text_of(s, "fpu svm");
	s->kernel.release = snap_text_of(s, "6.1.0-42-amd64");
	struct facts *f = facts_new(s, NULL);

	is_int(host(f, "cpu.virt-usable")->state, FACT_ABSENT);
	facts_free(f);
	s->kernel.release = snap_text_of(s, "6.12.9");
	f = facts_new(s, NULL);
	is_int(host(f, "cpu.virt-usable")->b, true);
	facts_free(f);
	s->kernel.release = snap_text_of(s, "5.10.0-8-amd64");
	machine_log(s, "[    5.0] kvm: support for 'kvm_amd' disabled by bios");
	f = facts_new(s, NULL);
	is_int(host(f, "cpu.virt-usable")->state, FACT_VALUE);
	is_int(host(f, "cpu.virt-usable")->b, false);
	facts_free(f);
	snapshot_free(s);
}

TEST(node_without_module_is_no_proof)
{
	struct snapshot *s = machine_new(0);
	intel(s, VMX);
	s->cpu.flags = snap_text_of(s, "fpu");
	snap_list_add(s, &s->nodes)->path = "/dev/kvm";
	struct facts *f = facts_new(s, NULL);

	is_int(host(f, "kvm.ready")->b, true);
	is_int(host(f, "cpu.virt-usable")->b, false);
	facts_free(f);
	snap_list_add(s, &s->modules)->name = "kvm_intel";
	f = facts_new(s, NULL);
	is_int(host(f, "cpu.virt-usable")->b, true);
	facts_free(f);
	snapshot_free(s);
}

TEST(hypervisors)
{
	struct snapshot *s = machine_new(0);
	intel(s, hypervisor);
	leaf(s, 0x40000000, 0x40000001, 0x4b4d564b, 0x564b4d56, 0x4d);
	struct facts *f = facts_new(s, NULL);

	is_str(host(f, "host.kind")->text, "vm");
	is_str(host(f, "host.hypervisor")->text, "KVM");
	facts_free(f);
	snapshot_free(s);
}

TEST(hyperv_guest_and_root)
{
	for (uint32_t root = 0; root < 2; root++) {
		struct snapshot *s = machine_new(0);
		intel(s, hypervisor);
		leaf(s, 0x40000000, 0x4000000c, 0x7263694d, 0x666f736f, 0x76482074);
		leaf(s, 0x40000003, 0, root, 0, 0);
		struct facts *f = facts_new(s, NULL);

		is_str(host(f, "host.kind")->text, root ? "hyperv-root" : "vm");
		is_str(host(f, "host.hypervisor")->text, "Hyper-V");
		facts_free(f);
		snapshot_free(s);
	}
}

TEST(xen_domains)
{
	struct snapshot *s = machine_new(0);
	intel(s, 0);
	s->host.hypervisor = snap_text_of(s, "xen");
	s->host.xen_caps = snap_text_of(s, "control_d");
	struct facts *f = facts_new(s, NULL);

	is_str(host(f, "host.kind")->text, "xen-dom0");
	facts_free(f);
	s->host.xen_caps = snap_text_of(s, "");
	f = facts_new(s, NULL);
	is_str(host(f, "host.kind")->text, "xen-domu");
	facts_free(f);
	s->host.xen_caps.have = HAVE_NOT;
	f = facts_new(s, NULL);
	is_int(host(f, "host.kind")->state, FACT_ABSENT);
	facts_free(f);
	snapshot_free(s);
}

TEST(kernel_without_kvm)
{
	struct snapshot *s = machine_new(1u << SOURCE_MODULES | 1u << SOURCE_NODES);
	intel(s, VMX);
	snap_texts_add(s, &s->kernel.config, "# CONFIG_KVM is not set");
	struct facts *f = facts_new(s, NULL);

	is_str(host(f, "kernel.lacks-kvm")->text, "CONFIG_KVM_INTEL");
	facts_free(f);
	/* perhaps a module of another name runs guests: a list that could not be read */
	snapshot_set_status(s, SOURCE_MODULES, STATUS_TRUNCATED, NULL);
	snapshot_set_status(s, SOURCE_NODES, STATUS_DENIED, NULL);
	f = facts_new(s, NULL);
	is_int(host(f, "kernel.lacks-kvm")->state, FACT_ABSENT);
	facts_free(f);
	snapshot_set_status(s, SOURCE_MODULES, STATUS_OK, NULL);
	snap_texts_add(s, &s->kernel.config, "CONFIG_KVM_INTEL=m");
	f = facts_new(s, NULL);
	is_int(host(f, "kernel.lacks-kvm")->state, FACT_NONE);
	facts_free(f);
	snapshot_free(s);
}

TEST(kernel_configuration_or_module)
{
	struct snapshot *s = machine_new(0);
	struct facts *f = facts_new(s, NULL);

	is_int(host(f, "kernel.lacks-vfio")->state, FACT_ABSENT);
	facts_free(f);
	snap_texts_add(s, &s->kernel.builtin, "kernel/drivers/vfio/pci/vfio-pci.ko");
	f = facts_new(s, NULL);
	is_int(host(f, "kernel.lacks-vfio")->state, FACT_NONE);
	facts_free(f);
	s->kernel.builtin.n = 0;
	snap_texts_add(s, &s->kernel.available, "kvm");
	f = facts_new(s, NULL);
	is_str(host(f, "kernel.lacks-vfio")->text, "CONFIG_VFIO_PCI");
	facts_free(f);
	snapshot_free(s);
}

TEST(switches_are_named_by_board_and_processor)
{
	struct snapshot *s = machine_new(0);
	amd(s, 0, SVM);
	s->host.dmi.board_vendor = snap_text_of(s, "Micro-Star International Co., Ltd.");
	struct facts *f = facts_new(s, NULL);

	is_str(host(f, "firmware.virt-switch")->text, "SVM Mode");
	ok(strstr(host(f, "firmware.iommu-switch")->text, "AMD CBS") != NULL);
	facts_free(f);
	snapshot_free(s);
	s = machine_new(0);
	intel(s, VMX);
	s->host.dmi.board_vendor = snap_text_of(s, "DELL Inc.");
	f = facts_new(s, NULL);
	is_str(host(f, "firmware.iommu-switch")->text, "VT for Direct I/O");
	facts_free(f);
	s->host.dmi.board_vendor = snap_text_of(s, "Nobody Ltd.");
	f = facts_new(s, NULL);
	ok(strstr(host(f, "firmware.iommu-switch")->text, "VT-d") != NULL);
	facts_free(f);
	snapshot_free(s);
}

TEST(another_kvm_module_will_do)
{
	struct snapshot *s = machine_new(0);
	amd(s, hypervisor, 0);
	snap_texts_add(s, &s->kernel.config, "# CONFIG_KVM_AMD is not set");
	snap_list_add(s, &s->nodes)->path = "/dev/kvm";
	snap_list_add(s, &s->modules)->name = "kvm_pvm";
	struct facts *f = facts_new(s, NULL);

	is_int(host(f, "kernel.lacks-kvm")->state, FACT_NONE);
	is_int(host(f, "cpu.virt-usable")->b, true);
	facts_free(f);
	snapshot_free(s);
}
