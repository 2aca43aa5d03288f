// SPDX-License-Identifier: GPL-2.0-or-later
// The processor and what the kernel runs on: raw CPUID first, then what the kernel made
// of it.
#include <string.h>

#include "base/text.h"
#include "facts/cmdline.h"
#include "facts/config.h"
#include "facts/derive.h"
#include "facts/kernel.h"
#include "facts/klog.h"
#include "facts/modprobe.h"

/* The leaf, NULL if CPUID was not collected or has no such leaf. */
static const struct snap_cpuid *leaf_of(const struct facts *f, uint64_t leaf)
{
	for (size_t i = 0; i < f->snap->cpu.leaves.n; i++) {
		const struct snap_cpuid *l = &f->snap->cpu.leaves.v[i];
		if (l->leaf == leaf && l->subleaf == 0)
			return l;
	}
	return NULL;
}

static void cpuid_seen(
	struct facts *f, struct fact *out, const struct snap_cpuid *l, const char *what)
{
	fact_seen(f, out, "CPUID",
		arena_printf(
			f->arena, "leaf 0x%llx: %s", (unsigned long long)l->leaf, what));
}

/* A feature bit, as it stands: `leaf 0x1: ECX bit 5 (VMX) is clear`. */
static void cpuid_bit_seen(struct facts *f, struct fact *out, const struct snap_cpuid *l,
	int bit, const char *name)
{
	cpuid_seen(f, out, l,
		arena_printf(f->arena, "ECX bit %d (%s) is %s", bit, name,
			l->ecx >> bit & 1 ? "set" : "clear"));
}

/* Three registers as the twelve letters that CPUID hides in them. */
static const char *letters(struct facts *f, uint64_t a, uint64_t b, uint64_t c)
{
	const uint64_t registers[] = { a, b, c };
	char text[12];

	for (size_t i = 0; i < sizeof text; i++)
		text[i] = (char)(registers[i / 4] >> 8 * (i % 4));
	return text_clean(f->arena, text, strnlen(text, sizeof text));
}

/* What lscpu made of the flags vmx and svm (sys-utils/lscpu.c, lscpu_read_virtualization()),
 * where they were not printed themselves. */
static enum tri lscpu_flag(const struct facts *f, const char *flag)
{
	const struct snap_text *virt = &f->snap->cpu.virtualization;
	bool vmx = text_equal(flag, "vmx");

	if (virt->have == HAVE_NOT || (!vmx && !text_equal(flag, "svm")))
		return TRI_UNKNOWN;
	return tri_of(text_equal(snap_str(*virt), vmx ? "VT-x" : "AMD-V"));
}

/* Is FLAG in the `flags` line of cpuinfo? */
static enum tri cpu_flag(const struct facts *f, const char *flag)
{
	const char *at = snap_str(f->snap->cpu.flags);
	size_t n = strlen(flag);

	if (!at)
		return lscpu_flag(f, flag);
	for (at += strspn(at, " \t"); *at; at += strspn(at, " \t")) {
		size_t len = strcspn(at, " \t");
		if (len == n && strncmp(at, flag, n) == 0)
			return TRI_TRUE;
		at += len;
	}
	return TRI_FALSE;
}

/* Says where the flag, vmx or svm, was found. */
static void virt_flag_seen(struct facts *f, struct fact *out, bool vmx)
{
	if (snap_str(f->snap->cpu.flags))
		fact_seen(f, out, "/proc/cpuinfo", vmx ? "flags: vmx" : "flags: svm");
	else
		fact_seen(f, out, "lscpu", vmx ? "VT-x" : "AMD-V");
}

/* smpboot_start: the model name of the first processor */
static const struct {
	const char *patterns[2];
	const char *vendor;
} log_vendors[] = {
	{ { "CPU0: Hygon" }, "HygonGenuine" },
	{ { "CPU0: {_:any}Intel(R)" }, "GenuineIntel" },
	{ { "CPU0: {_:any}AMD " }, "AuthenticAMD" },
};

static void vendor_from_log(struct facts *f, struct fact *out)
{
	for (size_t i = 0; i < sizeof log_vendors / sizeof log_vendors[0]; i++) {
		const struct klog_match *m = klog_first(f, log_vendors[i].patterns);
		if (m) {
			fact_set_text(out, log_vendors[i].vendor);
			klog_seen(f, out, m);
			return;
		}
	}
	fact_missing(out, SOURCE_CPUINFO);
}

void derive_cpu_vendor(struct facts *f, const struct subject *s, struct fact *out)
{
	static const char *const known[] = { "GenuineIntel", "AuthenticAMD",
		"HygonGenuine" };
	const struct snap_cpuid *l = leaf_of(f, 0);
	const char *vendor = NULL;
	(void)s;

	if (l) {
		vendor = letters(f, l->ebx, l->edx, l->ecx);
		cpuid_seen(f, out, l, vendor);
	} else if ((vendor = snap_str(f->snap->cpu.vendor_id))) {
		fact_seen(f, out, "/proc/cpuinfo", vendor);
	} else {
		vendor_from_log(f, out);
		return;
	}
	fact_set_text(out, "other");
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		if (text_equal(vendor, known[i]))
			fact_set_text(out, known[i]);
	}
}

/* Bits of ECX: Intel SDM volume 2, CPUID; AMD64 APM volume 3, appendix E. */
enum { LEAF_FEATURES = 1, BIT_VMX = 5, BIT_HYPERVISOR = 31, BIT_SVM = 2 };
static const uint64_t leaf_extended = 0x80000001, leaf_widths = 0x80000008,
		      leaf_hypervisor = 0x40000000, leaf_hyperv = 0x40000003;

void derive_cpu_virt(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct snap_cpuid *l = leaf_of(f, LEAF_FEATURES);
	const struct snap_cpuid *x = leaf_of(f, leaf_extended);
	(void)s;

	if (l && l->ecx >> BIT_VMX & 1) {
		fact_set_text(out, "VT-x");
		cpuid_bit_seen(f, out, l, BIT_VMX, "VMX");
	} else if (x && x->ecx >> BIT_SVM & 1) {
		fact_set_text(out, "AMD-V");
		cpuid_bit_seen(f, out, x, BIT_SVM, "SVM");
	} else if (l && (x || text_equal(host_text(f, "cpu.vendor"), "GenuineIntel"))) {
		fact_set_none(out);
		cpuid_bit_seen(f, out, l, BIT_VMX, "VMX");
		if (x)
			cpuid_bit_seen(f, out, x, BIT_SVM, "SVM");
	} else if (cpu_flag(f, "vmx") == TRI_TRUE) {
		fact_set_text(out, "VT-x");
		virt_flag_seen(f, out, true);
	} else if (cpu_flag(f, "svm") == TRI_TRUE) {
		fact_set_text(out, "AMD-V");
		virt_flag_seen(f, out, false);
	} else {
		/* The kernel clears the flag when firmware switched it off: proves
		 * nothing */
		fact_missing(out, SOURCE_CPUID);
	}
}

/* arch/x86/kernel/cpu/feat_ctl.c, cpu/amd.c, arch/x86/kvm; the last two are older */
static const char *const log_virt_off[] = { "TXT) disabled by BIOS",
	"VMX not enabled (by BIOS) in MSR_IA32_FEAT_CTL",
	"SVM disabled (by BIOS) in MSR_VM_CR",
	"kvm: support for '{module:any}' disabled by bios", "kvm: disabled by bios",
	NULL };

/*
 * Does a flag in cpuinfo mean that firmware left it on? Since 5.6 the kernel clears vmx
 * where it is off (feat_ctl.c), since 6.7 svm (amd.c). Before, the KVM module said so
 * when it was loaded.
 */
static enum tri flag_is_proof(struct facts *f, bool vmx)
{
	enum tri clears = vmx ? kernel_at_least(f, 5, 6, 0) : kernel_at_least(f, 6, 7, 0);

	if (clears == TRI_TRUE || klog_says(f, log_virt_off) == TRI_FALSE)
		return TRI_TRUE;
	/* Built in, it is listed even where it did not start; then there is no node */
	if (f->snap->nodes.have == HAVE_NOT &&
		kernel_module_loaded(f, vmx ? "kvm_intel" : "kvm_amd") == TRI_TRUE)
		return TRI_TRUE;
	return TRI_UNKNOWN;
}

void derive_cpu_virt_usable(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct fact *virt = host_fact(f, "cpu.virt");
	const struct klog_match *m = klog_first(f, log_virt_off);
	enum tri vmx = cpu_flag(f, "vmx"), svm = cpu_flag(f, "svm");
	(void)s;

	if (kernel_runs_kvm(f) == TRI_TRUE) {
		fact_set_bool(out, true);
		fact_seen(f, out, "/dev/kvm", "exists, and its module is loaded");
	} else if (m) {
		fact_set_bool(out, false);
		klog_seen(f, out, m);
	} else if (vmx == TRI_TRUE || svm == TRI_TRUE) {
		if (flag_is_proof(f, vmx == TRI_TRUE) != TRI_TRUE) {
			fact_missing(out, SOURCE_KERNEL_LOG);
			return;
		}
		fact_set_bool(out, true);
		virt_flag_seen(f, out, vmx == TRI_TRUE);
	} else if (kernel_runs_kvm(f) == TRI_UNKNOWN &&
		cpu_flag(f, "hypervisor") == TRI_TRUE) {
		/* In a virtual machine KVM may do without the flag (kvm_pvm) */
		fact_missing(out, SOURCE_MODULES);
		fact_missing(out, SOURCE_NODES);
	} else if (vmx == TRI_FALSE && virt->state != FACT_ABSENT) {
		fact_set_bool(out, false);
		fact_seen(f, out, "/proc/cpuinfo", "flags: neither vmx nor svm");
	} else {
		fact_missing(out, SOURCE_CPUINFO);
	}
}

void derive_cpu_phys_bits(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct snap_cpuid *l = leaf_of(f, leaf_widths);
	const char *sizes = snap_str(f->snap->cpu.address_sizes);
	int64_t bits;
	(void)s;

	if (l && l->eax & 0xff) {
		fact_set_int(out, (int64_t)(l->eax & 0xff));
		cpuid_seen(f, out, l,
			arena_printf(f->arena, "%d physical address bits",
				(int)(l->eax & 0xff)));
		return;
	}
	if (sizes &&
		text_to_int(arena_strndup(f->arena, sizes, strcspn(sizes, " ")), &bits) &&
		bits > 0) {
		fact_set_int(out, bits);
		fact_seen(f, out, "/proc/cpuinfo", sizes);
		return;
	}
	fact_missing(out, SOURCE_CPUINFO);
}

void derive_kvm_ready(struct facts *f, const struct subject *s, struct fact *out)
{
	(void)s;
	/* A container has a /dev of its own */
	if (f->snap->nodes.have == HAVE_NOT || config_is_foreign(f) ||
		(!kernel_has_kvm_node(f) &&
			snapshot_status(f->snap, SOURCE_NODES) == STATUS_TRUNCATED)) {
		fact_missing(out, SOURCE_NODES);
		return;
	}
	fact_set_bool(out, kernel_has_kvm_node(f));
	fact_seen(f, out, "/dev/kvm", out->b ? "exists" : "does not exist");
}

void derive_kvm_module(struct facts *f, const struct subject *s, struct fact *out)
{
	const char *vendor = host_text(f, "cpu.vendor"), *virt = host_text(f, "cpu.virt");
	(void)s;

	if (text_equal(vendor, "GenuineIntel") || text_equal(virt, "VT-x"))
		fact_set_text(out, "kvm_intel");
	else if (text_equal(vendor, "AuthenticAMD") ||
		text_equal(vendor, "HygonGenuine") || text_equal(virt, "AMD-V"))
		fact_set_text(out, "kvm_amd");
	else if (vendor && host_fact(f, "cpu.virt")->state == FACT_NONE)
		fact_set_none(out);
	else
		fact_missing(out, SOURCE_CPUINFO);
}

/* The command of an `install` line that loads nothing. */
static bool command_is_void(const char *command)
{
	static const char *const commands[] = { "/bin/false", "/bin/true",
		"/usr/bin/false", "/usr/bin/true", "false", "true", ":", "/dev/null",
		NULL };
	size_t n = strcspn(command, " \t;#");

	for (size_t i = 0; commands[i]; i++) {
		if (strlen(commands[i]) == n && strncmp(command, commands[i], n) == 0)
			return true;
	}
	return false;
}

void derive_kvm_blocked_by(struct facts *f, const struct subject *s, struct fact *out)
{
	const char *module = host_text(f, "kvm.module"), *by;
	size_t n;
	(void)s;

	if (!module || !modprobe_known(f)) {
		fact_missing(out, module ? SOURCE_MODPROBE : SOURCE_CPUINFO);
		return;
	}
	fact_set_none(out);
	if (kernel_module_loaded(f, module) == TRI_TRUE)
		return;
	const struct modprobe_line *lines = modprobe_lines(f, &n);
	for (size_t i = 0; i < n; i++) {
		if (lines[i].verb != MODPROBE_INSTALL ||
			!command_is_void(lines[i].rest) ||
			(!text_equal(lines[i].module, module) &&
				!text_equal(lines[i].module, "kvm")))
			continue;
		fact_set_text(out,
			arena_printf(f->arena, "%s: %s", lines[i].where, lines[i].text));
		fact_seen(f, out, lines[i].where, lines[i].text);
		return;
	}
	by = modprobe_blacklisted(f, module);
	if (by) {
		fact_set_text(out, by);
		fact_seen(f, out, "modprobe.d", by);
	}
}

/* The hypervisor bit: CPUID, else the kernel's flag of the same name, else its log. */
static const char *const log_hypervisor[] = { "Hypervisor detected: {name:any}", NULL };

static enum tri hypervisor_bit(struct facts *f, struct fact *out)
{
	const struct snap_cpuid *l = leaf_of(f, LEAF_FEATURES);
	enum tri flag = cpu_flag(f, "hypervisor");
	const struct klog_match *m;

	if (l) {
		cpuid_bit_seen(f, out, l, BIT_HYPERVISOR, "hypervisor");
		return tri_of(l->ecx >> BIT_HYPERVISOR & 1);
	}
	if (flag != TRI_UNKNOWN) {
		fact_seen(f, out, "/proc/cpuinfo",
			flag == TRI_TRUE ? "flags: hypervisor" : "flags: no hypervisor");
		return flag;
	}
	m = klog_first(f, log_hypervisor);
	if (m) {
		klog_seen(f, out, m);
		return TRI_TRUE;
	}
	return TRI_UNKNOWN;
}

static const char *hypervisor_signature(struct facts *f)
{
	const struct snap_cpuid *l = leaf_of(f, leaf_hypervisor);

	return l ? letters(f, l->ebx, l->ecx, l->edx) : NULL;
}

/* A partition that may create partitions is the root of Hyper-V (TLFS 2.4.3). */
static bool is_hyperv_root(struct facts *f)
{
	const struct snap_cpuid *l = leaf_of(f, leaf_hyperv);

	return text_equal(hypervisor_signature(f), "Microsoft Hv") && l && l->ebx & 1;
}

static const char *const log_xen_pv[] = { "Booting paravirtualized kernel on Xen", NULL };

/* Xen shows itself in /sys/hypervisor; dom0 has the capability control_d. */
static bool xen_kind(struct facts *f, struct fact *out)
{
	const char *caps = snap_str(f->snap->host.xen_caps);
	const char *type = snap_str(f->snap->host.hypervisor);
	const struct klog_match *m = klog_first(f, log_xen_pv);

	if (!text_equal(type, "xen") && !m)
		return false;
	if (text_equal(type, "xen"))
		fact_seen(f, out, "/sys/hypervisor/type", type);
	else
		klog_seen(f, out, m);
	if (caps) {
		fact_set_text(out, strstr(caps, "control_d") ? "xen-dom0" : "xen-domu");
		fact_seen(f, out, "/proc/xen/capabilities", caps);
	} else if (f->snap->host.xen_caps.have == HAVE_NONE) {
		fact_set_text(out, "xen-domu");
	} else {
		fact_missing(out, SOURCE_CONTAINER);
	}
	return true;
}

void derive_host_kind(struct facts *f, const struct subject *s, struct fact *out)
{
	(void)s;
	if (xen_kind(f, out))
		return;
	switch (hypervisor_bit(f, out)) {
	case TRI_FALSE:
		fact_set_text(out, "bare");
		break;
	case TRI_TRUE:
		fact_set_text(out, is_hyperv_root(f) ? "hyperv-root" : "vm");
		break;
	case TRI_UNKNOWN:
		fact_missing(out, SOURCE_CPUINFO);
		break;
	}
}

/* Signatures of leaf 0x40000000: arch/x86/kernel/cpu/, and the hypervisors' manuals. */
static const struct {
	const char *signature, *name;
} hypervisors[] = {
	{ "KVMKVMKVM", "KVM" },
	{ "Linux KVM Hv", "KVM" },
	{ "TCGTCGTCGTCG", "QEMU" },
	{ "Microsoft Hv", "Hyper-V" },
	{ "VMwareVMware", "VMware" },
	{ "XenVMMXenVMM", "Xen" },
	{ "VBoxVBoxVBox", "VirtualBox" },
	{ "prl hyperv", "Parallels" },
	{ " lrpepyh vr", "Parallels" },
	{ "bhyve bhyve", "bhyve" },
	{ "ACRNACRNACRN", "ACRN" },
	{ "Jailhouse", "Jailhouse" },
	{ "QNXQVMBSQG", "QNX" },
};

void derive_host_hypervisor(struct facts *f, const struct subject *s, struct fact *out)
{
	const char *signature = hypervisor_signature(f);
	const struct klog_match *m = klog_first(f, log_hypervisor);
	enum tri bit = hypervisor_bit(f, out);
	(void)s;

	if (text_equal(snap_str(f->snap->host.hypervisor), "xen")) {
		fact_set_text(out, "Xen");
		return;
	}
	if (bit == TRI_FALSE) {
		fact_set_none(out);
		return;
	}
	if (bit == TRI_UNKNOWN) {
		fact_missing(out, SOURCE_CPUID);
		return;
	}
	for (size_t i = 0; signature && i < sizeof hypervisors / sizeof hypervisors[0];
		i++) {
		if (text_equal(signature, hypervisors[i].signature)) {
			fact_set_text(out, hypervisors[i].name);
			return;
		}
	}
	if (m) {
		fact_set_text(out, klog_hole(f, m, "name"));
		klog_seen(f, out, m);
	} else if (signature && *signature) {
		fact_set_text(out, signature);
	} else {
		fact_missing(out, SOURCE_CPUID);
	}
}

void derive_host_container(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct snap_text *container = &f->snap->host.container;
	(void)s;

	if (container->have == HAVE_NOT) {
		fact_missing(out, SOURCE_CONTAINER);
	} else {
		fact_set_text(out, snap_str(*container));
		if (container->have == HAVE_VALUE)
			fact_seen(f, out, "container", container->s);
	}
}
