// SPDX-License-Identifier: GPL-2.0-or-later
// The firmware's framebuffer in a BAR: when it stays, and how it is freed.
#include "machine.h"
#include "tap.h"

#define ALL                                                                              \
	(1u << SOURCE_PCI | 1u << SOURCE_IOMEM | 1u << SOURCE_DISPLAYS |                 \
		1u << SOURCE_KERNEL)

static struct snapshot *host(const char *release, uint32_t class_code, const char *driver)
{
	struct snapshot *s = machine_new(ALL);
	struct snap_pci *p = driver
		? machine_bound(s, "0000:01:00.0", class_code, -1, driver)
		: machine_pci(s, "0000:01:00.0", class_code, -1);

	snap_texts_add(s, &p->resources, "0xc0000000 0xc0ffffff 0x40200");
	s->kernel.release = snap_text_of(s, release);
	s->fb = snap_text_of(s, "0 EFI VGA");
	snap_texts_add(s, &s->platform_devices, "efi-framebuffer.0");
	return s;
}

static void add_region(struct snapshot *s, uint64_t start, uint64_t end, const char *name)
{
	struct snap_region *r = snap_list_add(s, &s->iomem);

	r->start = snap_hex_of(start);
	r->end = snap_hex_of(end);
	r->name = name;
}

static const struct fact *target(struct facts *f, const char *name)
{
	return fact_of(f, machine_fn(f, "01:00.0")->target, name);
}

/* UNKNOWN: absent. */
static enum tri stays(const char *release, uint32_t class_code, const char *driver)
{
	struct snapshot *s = host(release, class_code, driver);
	struct facts *f;
	enum tri result;

	add_region(s, 0xc0000000, 0xc03e7fff, "efifb");
	f = machine_facts(s, "0000:01:00.0", NULL);
	result = target(f, "fb.stays")->state == FACT_ABSENT
		? TRI_UNKNOWN
		: tri_of(target(f, "fb.stays")->b);
	facts_free(f);
	snapshot_free(s);
	return result;
}

TEST(when_it_stays)
{
	is_int(stays("6.12.1", 0x030000, NULL), TRI_FALSE);
	is_int(stays("6.12.1", 0x030000, "vfio-pci"), TRI_TRUE);
	is_int(stays("6.12.1", 0x038000, NULL), TRI_TRUE);
	is_int(stays("5.10.0", 0x030000, NULL), TRI_TRUE);
}

TEST(owner_and_release)
{
	struct snapshot *s = host("6.12.1", 0x038000, NULL);
	struct facts *f;

	add_region(s, 0xc0000000, 0xc03e7fff, "BOOTFB");
	f = machine_facts(s, "0000:01:00.0", NULL);
	is_str(target(f, "fb.owner")->text, "efifb");
	is_str(target(f, "fb.bar")->text, "0");
	is_str(target(f, "fb.release")->text,
		"echo efi-framebuffer.0 > /sys/bus/platform/drivers/efi-framebuffer/unbind");
	is_str(fact_of(f, f->scopes[SCOPE_HOST].v[0], "fb.driver")->text, "efifb");
	ok(fact_of(f, f->scopes[SCOPE_HOST].v[0], "fb.by-sysfb")->b);
	facts_free(f);
	/* Where no driver has it, the range is called as it is in /proc/iomem */
	s->fb = snap_text_of(s, "0 amdgpudrmfb");
	f = machine_facts(s, "0000:01:00.0", NULL);
	is_str(target(f, "fb.owner")->text, "BOOTFB");
	facts_free(f);
	snapshot_free(s);
}

TEST(elsewhere_or_unreadable)
{
	struct snapshot *s = host("6.12.1", 0x038000, NULL);
	struct facts *f;

	add_region(s, 0, 0, "efifb");
	f = machine_facts(s, "0000:01:00.0", NULL);
	is_int(target(f, "fb.stays")->state, FACT_ABSENT);
	facts_free(f);
	add_region(s, 0xd0000000, 0xd03e7fff, "efifb");
	f = machine_facts(s, "0000:01:00.0", NULL);
	ok(target(f, "fb.stays")->state == FACT_VALUE && !target(f, "fb.stays")->b);
	is_int(target(f, "fb.owner")->state, FACT_NONE);
	facts_free(f);
	snapshot_free(s);
}

TEST(a_native_driver_has_no_firmware_framebuffer)
{
	struct snapshot *s = host("6.12.1", 0x030000, "amdgpu");
	struct facts *f;

	s->fb = snap_text_of(s, "0 amdgpudrmfb\n1 simple thing");
	f = facts_new(s, NULL);
	is_int(fact_of(f, f->scopes[SCOPE_HOST].v[0], "fb.driver")->state, FACT_NONE);
	facts_free(f);
	s->fb = snap_text_of(s, "0 simpledrmdrmfb");
	f = facts_new(s, NULL);
	is_str(fact_of(f, f->scopes[SCOPE_HOST].v[0], "fb.driver")->text, "simpledrm");
	facts_free(f);
	snapshot_free(s);
}
