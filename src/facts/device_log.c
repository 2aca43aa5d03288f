// SPDX-License-Identifier: GPL-2.0-or-later
// What the kernel log says of one function again and again: DMA faults, and errors of its
// link.
#include <string.h>

#include "base/text.h"
#include "facts/derive.h"
#include "facts/klog.h"
#include "facts/topology.h"

enum {
	/* From here on a log that lost its beginning says enough: "many" */
	MANY_FAULTS = 10,
	MANY_LINK_ERRORS = 20,
	MAX_SHOWN = 3,
};

/*
 * drivers/iommu/intel/dmar.c, dmar_fault_do_one(); before 4.2 the reason stands in a line
 * of its own. drivers/iommu/amd/iommu.c: amd_iommu_report_page_fault() names the function
 * in front (since 4.19) or with device=; the other events, iommu_print_event(), always
 * with device=, their prefix is the IOMMU. Up to 4.18 "Event logged [" was a printk() of
 * its own.
 */
static const char *const faults[] = {
	"[DMA {kind:any}] Request device [{addr:bdf}] {reason:any}",
	"{addr:bdf}: AMD-Vi: Event logged [IO_PAGE_FAULT {reason:any}",
	"{addr:bdf}: Event logged [IO_PAGE_FAULT {reason:any}",
	"IO_PAGE_FAULT device={addr:bdf} {reason:any}",
	"INVALID_DEVICE_REQUEST device={addr:bdf} {reason:any}",
	"ILLEGAL_DEV_TABLE_ENTRY device={addr:bdf} {reason:any}",
	"DEV_TAB_HARDWARE_ERROR device={addr:bdf} {reason:any}",
	"PAGE_TAB_HARDWARE_ERROR device={addr:bdf} {reason:any}",
	NULL,
};

/* `fault addr 0x1000 [fault reason 0x06] PTE Read access is not set` */
static const char *intel_reason(const char *tail)
{
	const char *p = strstr(tail, "fault reason");

	p = p ? strstr(p, "] ") : NULL;
	return p ? p + strlen("] ") : "not told in that line";
}

/* AMD prints what was accessed: only its flags say why. */
static const char *amd_reason(struct facts *f, const char *line)
{
	const char *logged = strstr(line, "logged ["), *flags = strstr(line, "flags=");
	const char *event = logged ? logged + strlen("logged [") : line;
	int n = (int)strcspn(event, " ");

	if (!flags)
		return arena_strndup(f->arena, event, (size_t)n);
	return arena_printf(
		f->arena, "%.*s %.*s", n, event, (int)strcspn(flags, "] "), flags);
}

static const char *fault_reason(struct facts *f, const struct klog_match *m)
{
	if (klog_hole(f, m, "kind"))
		return intel_reason(klog_hole(f, m, "reason"));
	return amd_reason(f, m->line->text);
}

/* lib/ratelimit.c, of the interrupt handler in drivers/iommu/intel/dmar.c. */
static const char *const suppressed[] = { "dmar_fault: {n:dec} callbacks suppressed",
	NULL };

/*
 * Faults that the kernel counted and did not print: those of FN, where it was the last one
 * named before the gap and is the first one behind it.
 */
static int64_t count_suppressed(struct facts *f, const struct fn *fn)
{
	static const char *const printed[] = {
		"[DMA {_:any}] Request device [{addr:bdf}]", NULL
	};
	size_t n, n_gaps, next = 0;
	const struct klog_match *const *list = klog_list(f, printed, &n);
	const struct klog_match *const *gaps = klog_list(f, suppressed, &n_gaps);
	int64_t count = 0;

	/* Both are of one template, so in the order of the log */
	for (size_t i = 0; i < n_gaps; i++) {
		int64_t lost;

		while (next < n && list[next]->line < gaps[i]->line)
			next++;
		if (next > 0 && next < n && klog_names(list[next - 1], fn->bdf) &&
			klog_names(list[next], fn->bdf) &&
			text_to_int(klog_hole(f, gaps[i], "n"), &lost))
			count += lost;
	}
	return count;
}

void derive_device_faults_count(
	struct facts *f, const struct subject *s, struct fact *out)
{
	size_t n;
	const struct klog_match *const *list = klog_list(f, faults, &n);
	int64_t count = 0;

	for (size_t i = 0; i < n; i++) {
		if (!klog_names(list[i], s->fn->bdf))
			continue;
		if (++count <= MAX_SHOWN)
			klog_seen(f, out, list[i]);
	}
	if (count)
		count += count_suppressed(f, s->fn);
	if (klog_complete(f) || count >= MANY_FAULTS)
		fact_set_int(out, count);
}

void derive_device_faults_reasons(
	struct facts *f, const struct subject *s, struct fact *out)
{
	size_t n;
	const struct klog_match *const *list = klog_list(f, faults, &n);

	for (size_t i = 0; i < n; i++) {
		if (klog_names(list[i], s->fn->bdf))
			fact_add_text_once(f, out, fault_reason(f, list[i]));
	}
	if (klog_complete(f))
		fact_set_list(out);
	else
		out->open = out->state == FACT_VALUE;
}

/*
 * drivers/pci/pcie/aer.c, aer_print_error(): 5.4 has "AER: " in front, 4.19 and 5.10
 * have not. The last two, pci_print_aer(), are of errors that firmware saw first.
 */
static const char *const link_errors[] = {
	"{addr:bdf}: PCIe Bus Error: severity={kind:any}, type=",
	"{addr:bdf}: AER: PCIe Bus Error: severity={kind:any}, type=",
	"{addr:bdf}: aer_status: ",
	"{addr:bdf}: AER: aer_status: ",
	NULL,
};

/* drivers/pci/pci.c, pcie_wait_for_link_delay(); the time is a number since 6.7. */
static const char *const link_down[] = {
	"{addr:bdf}: Data Link Layer Link Active not set in {_:dec} msec",
	NULL,
};

/* Does a line that names B speak of FN or of a port above it? */
static bool is_on_path(
	const struct facts *f, const struct fn *fn, const struct klog_match *m)
{
	for (size_t i = 0; fn && i <= f->n_fns; i++, fn = fn->parent) {
		if (klog_names(m, fn->bdf))
			return true;
	}
	return false;
}

/* Are all ports from FN up to the root bus in the scan? */
static bool path_is_whole(const struct facts *f, const struct fn *fn)
{
	for (size_t i = 0; i <= f->n_fns; i++, fn = fn->parent) {
		if (!fn->raw || fn->raw->parent.have == HAVE_NOT)
			return false;
		if (fn->raw->parent.have == HAVE_NONE)
			return true;
		if (!fn->parent)
			return false;
	}
	return false;
}

void derive_device_link_errors(struct facts *f, const struct subject *s, struct fact *out)
{
	size_t n;
	const struct klog_match *const *list = klog_list(f, link_errors, &n);
	int64_t count = 0;

	for (size_t i = 0; i < n; i++) {
		if (!is_on_path(f, s->fn, list[i]))
			continue;
		if (++count <= MAX_SHOWN)
			klog_seen(f, out, list[i]);
	}
	if (count >= MANY_LINK_ERRORS || (klog_complete(f) && path_is_whole(f, s->fn)))
		fact_set_int(out, count);
}

void derive_device_link_error_kinds(
	struct facts *f, const struct subject *s, struct fact *out)
{
	size_t n;
	const struct klog_match *const *list = klog_list(f, link_errors, &n);

	for (size_t i = 0; i < n; i++) {
		const char *kind = klog_hole(f, list[i], "kind");

		if (is_on_path(f, s->fn, list[i]))
			fact_add_text_once(f, out, kind ? kind : "reported by firmware");
	}
	if (klog_complete(f) && path_is_whole(f, s->fn))
		fact_set_list(out);
	else
		out->open = out->state == FACT_VALUE;
}

static bool is_listed(const struct fact *out, const struct fn *fn)
{
	for (size_t i = 0; i < out->n; i++) {
		if (out->devs[i] == fn)
			return true;
	}
	return false;
}

void derive_device_link_down(struct facts *f, const struct subject *s, struct fact *out)
{
	size_t n;
	const struct klog_match *const *list = klog_list(f, link_down, &n);
	bool whole = klog_complete(f) && path_is_whole(f, s->fn);

	for (size_t i = 0; i < n; i++) {
		struct bdf b;
		const struct fn *port;

		if (!is_on_path(f, s->fn, list[i]) ||
			!bdf_parse(klog_hole(f, list[i], "addr"), &b))
			continue;
		port = facts_find(f, b);
		if (out->n < MAX_SHOWN)
			klog_seen(f, out, list[i]);
		if (port && !is_listed(out, port))
			fact_add_dev(f, out, port);
	}
	if (whole)
		fact_set_list(out);
	else
		out->open = out->state == FACT_VALUE;
}
