// SPDX-License-Identifier: GPL-2.0-or-later
// Raw CPUID leaves: by instruction on the live host, or from the text of `cpuid -r`.
#include "collect/cpuid.h"

#include <string.h>

#include "base/text.h"

/*
 * The leaves that facts read, with the last subleaf of each: Intel SDM volume 2, CPUID;
 * AMD APM volume 3, appendix E; hypervisor leaves: Microsoft TLFS, "Feature and interface
 * discovery" (40000003h EBX: privileges of the partition, which tell root from guest);
 * 40000100h is where Xen and KVM move to when they also pretend to be Hyper-V.
 */
static const struct {
	uint32_t leaf, last_subleaf;
} wanted[] = {
	{ 0x00000000, 0 },
	{ 0x00000001, 0 },
	{ 0x00000007, 1 },
	{ 0x40000000, 0 },
	{ 0x40000001, 0 },
	{ 0x40000002, 0 },
	{ 0x40000003, 0 },
	{ 0x40000100, 0 },
	{ 0x40000101, 0 },
	{ 0x80000000, 0 },
	{ 0x80000001, 0 },
	{ 0x80000002, 0 },
	{ 0x80000003, 0 },
	{ 0x80000004, 0 },
	{ 0x80000008, 0 },
	{ 0x8000000a, 0 },
	{ 0x8000001f, 0 },
};

static void leaf_keep(struct snapshot *s, const struct snap_cpuid *leaf)
{
	for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
		if (wanted[i].leaf != leaf->leaf ||
			leaf->subleaf > wanted[i].last_subleaf)
			continue;
		struct snap_cpuid *kept = snap_list_add(s, &s->cpu.leaves);
		*kept = *leaf;
		/* EBX[31:24] is the APIC ID of whichever CPU this ran on (Intel SDM): two
		 * runs would differ by it. */
		if (leaf->leaf == 1)
			kept->ebx &= 0x00ffffff;
	}
}

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>

static struct snap_cpuid leaf_execute(uint32_t leaf, uint32_t subleaf)
{
	uint32_t eax, ebx, ecx, edx;

	__cpuid_count(leaf, subleaf, eax, ebx, ecx, edx);
	return (struct snap_cpuid){ leaf, subleaf, eax, ebx, ecx, edx };
}

/* A leaf above the highest of its range returns that of another: never ask for it. */
static uint32_t range_end(uint32_t leaf)
{
	bool guest = leaf_execute(1, 0).ecx & 1u << 31;
	uint32_t base = leaf & 0xffffff00;

	if (base == 0)
		return (uint32_t)leaf_execute(0, 0).eax;
	if (base != 0x80000000 && !guest)
		return 0;
	uint32_t end = (uint32_t)leaf_execute(base, 0).eax;
	return end >= base && end < base + 0x100 ? end : 0;
}

bool cpuid_execute(struct snapshot *s)
{
	/* A hypervisor traps each of these instructions, so every range is asked once. */
	uint32_t base = UINT32_MAX, end = 0;

	for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
		if ((wanted[i].leaf & 0xffffff00) != base) {
			base = wanted[i].leaf & 0xffffff00;
			end = range_end(base);
		}
		if (wanted[i].leaf > end)
			continue;
		uint32_t last = wanted[i].last_subleaf;
		if (last && leaf_execute(wanted[i].leaf, 0).eax < last)
			last = (uint32_t)leaf_execute(wanted[i].leaf, 0).eax;
		for (uint32_t sub = 0; sub <= last; sub++) {
			struct snap_cpuid leaf = leaf_execute(wanted[i].leaf, sub);
			leaf_keep(s, &leaf);
		}
	}
	return true;
}
#else
bool cpuid_execute(struct snapshot *s)
{
	(void)s;
	return false;
}
#endif

/* Reads `0x` and at most 8 hex digits; NULL if there are none, else what follows. */
static const char *hex_scan(const char *p, uint64_t *ret)
{
	uint64_t v = 0;
	size_t n;

	if (p[0] != '0' || p[1] != 'x')
		return NULL;
	p += 2;
	for (n = 0; hex_digit(p[n]) >= 0; n++) {
		if (n == 8)
			return NULL;
		v = v << 4 | (unsigned)hex_digit(p[n]);
	}
	*ret = v;
	return n ? p + n : NULL;
}

static const char *skip_blanks(const char *p)
{
	while (*p == ' ' || *p == '\t')
		p++;
	return p;
}

/* `0x00000001 0x00: eax=0x000506e3 ebx=… ecx=… edx=…` */
static bool leaf_scan(const char *p, struct snap_cpuid *ret)
{
	static const char *const names[] = { "eax=", "ebx=", "ecx=", "edx=" };
	uint64_t v[6];

	p = hex_scan(skip_blanks(p), &v[0]);
	if (p)
		p = hex_scan(skip_blanks(p), &v[1]);
	if (!p || *p != ':')
		return false;
	p++;
	for (size_t i = 0; i < 4; i++) {
		p = skip_blanks(p);
		if (!text_starts(p, names[i]))
			return false;
		p = hex_scan(p + 4, &v[2 + i]);
		if (!p)
			return false;
	}
	if (*skip_blanks(p))
		return false;
	*ret = (struct snap_cpuid){ v[0], v[1], v[2], v[3], v[4], v[5] };
	return true;
}

size_t cpuid_parse(struct snapshot *s, const char *text)
{
	size_t n, cpus = 0;
	char **lines = text_lines(s->arena, text, &n);

	for (size_t i = 0; i < n; i++) {
		const char *line = skip_blanks(lines[i]);
		struct snap_cpuid leaf;
		if (!*line)
			continue;
		/* `CPU 0:`, or `CPU:` with -1 */
		if (text_starts(line, "CPU")) {
			if (cpus++)
				break;
			continue;
		}
		if (!leaf_scan(line, &leaf)) {
			s->cpu.leaves.n = 0;
			s->cpu.leaves.have = HAVE_NOT;
			return i + 1;
		}
		leaf_keep(s, &leaf);
	}
	if (s->cpu.leaves.n == 0)
		return n ? n : 1;
	return 0;
}
