// SPDX-License-Identifier: GPL-2.0-or-later
// PCI functions of trees: complete ones, copies that lost something, and hostile ones.
#include <errno.h>
#include <fcntl.h>

#include "tap.h"
#include "tree.h"

#include "base/glob.h"
#include "collect/pci_modules.h"
#include "collect/sources.h"

#define DEVICES "sys/devices/pci0000:00/"

static const struct snap_pci *collected_pci(const struct snapshot *s, const char *address)
{
	for (size_t i = 0; i < s->pci.n; i++)
		if (strcmp(s->pci.v[i].address, address) == 0)
			return &s->pci.v[i];
	return NULL;
}

static void put(struct tree *t, const char *dir, const char *name, const char *text)
{
	char path[PATH_MAX];

	snprintf(path, sizeof path, "%s/%s", dir, name);
	tree_file(t, path, text);
}

static void put_link(
	struct tree *t, const char *dir, const char *name, const char *target)
{
	char path[PATH_MAX];

	snprintf(path, sizeof path, "%s/%s", dir, name);
	tree_link(t, path, target);
}

/* What each function has. DIR is below sys/devices, and the bus links to it. */
static void function(struct tree *t, const char *dir, const char *class_code)
{
	const char *address = strrchr(dir, '/') + 1;
	char target[PATH_MAX];

	put(t, dir, "vendor", "0x10de\n");
	put(t, dir, "device", "0x13c2\n");
	put(t, dir, "class", class_code);
	put(t, dir, "revision", "0xa1\n");
	put(t, dir, "subsystem_vendor", "0x1043\n");
	put(t, dir, "subsystem_device", "0x8508\n");
	put(t, dir, "resource", "0xf6000000 0xf6ffffff 0x40200\n0x0 0x0 0x0\n");
	put(t, dir, "enable", "1\n");
	put_link(t, dir, "subsystem", "../../../../bus/pci");
	snprintf(target, sizeof target, "../../../%s", dir + strlen("sys/"));
	put_link(t, "sys/bus/pci/devices", address, target);
}

static void config(struct tree *t, const char *dir, const void *bytes, size_t n)
{
	char path[PATH_MAX];

	snprintf(path, sizeof path, "%s/config", dir);
	tree_bytes(t, path, bytes, n);
}

TEST(a_whole_function)
{
	static const char dir[] = DEVICES "0000:00:01.0/0000:01:00.0";
	static uint8_t bytes[4096];
	struct env e;
	const struct snap_pci *p;

	setup(&e);
	function(&e.t, dir, "0x030000\n");
	put_link(&e.t, dir, "driver", "../../../../bus/pci/drivers/nouveau");
	put_link(&e.t, dir, "iommu_group", "../../../../kernel/iommu_groups/13");
	put(&e.t, dir, "boot_vga", "1\n");
	put(&e.t, dir, "driver_override", "(null)\n");
	put(&e.t, dir, "reset_method", "flr bus\n");
	put(&e.t, dir, "numa_node", "-1\n");
	put(&e.t, dir, "power/runtime_status", "active\n");
	put(&e.t, dir, "msi_irqs/33", "msi\n");
	/* AER at 0x100, then ACS at 0x148, the end of the list */
	memcpy(bytes + 0x100, "\x01\x00\x82\x14", 4);
	memcpy(bytes + 0x148, "\x0d\x00\x01\x00", 4);
	config(&e.t, dir, bytes, sizeof bytes);
	collect_pci(e.s, &e.r, &(struct collect_options){ 0 });
	is_int(snapshot_status(e.s, SOURCE_PCI), STATUS_OK);
	is_int(snapshot_status(e.s, SOURCE_CONFIG_SPACE), STATUS_OK);
	is_int(e.s->pci.n, 1);
	p = collected_pci(e.s, "0000:01:00.0");
	ok(p != NULL);
	is_int(p->class_code.v, 0x030000);
	is_int(p->vendor.v, 0x10de);
	is_int(p->subdevice.v, 0x8508);
	is_int(p->revision.v, 0xa1);
	is_str(snap_str(p->parent), "0000:00:01.0");
	is_str(snap_str(p->driver), "nouveau");
	is_int(p->driver_override.have, HAVE_NONE);
	is_int(p->iommu_group.v, 13);
	is_int(p->boot_vga.v, true);
	is_str(snap_str(p->reset_method), "flr bus");
	is_int(p->numa_node.v, -1);
	is_str(snap_str(p->runtime_status), "active");
	is_int(p->msi.v, true);
	/* The line of one that uses messages means nothing */
	is_int(p->irq.have, HAVE_NOT);
	is_int(p->removable.have, HAVE_NONE);
	is_int(p->enabled.v, true);
	is_int(p->resources.n, 2);
	is_str(p->resources.s[0], "0xf6000000 0xf6ffffff 0x40200");
	is_int(p->physfn.have, HAVE_NONE);
	is_int(p->sriov_total.have, HAVE_NONE);
	/* Reading these has effects, so that a copy may well lack them. */
	is_int(p->rom.have, HAVE_NOT);
	is_int(p->reset.have, HAVE_NOT);
	is_int(p->config.n, 0x148 + 0x80);
	teardown(&e);
}

TEST(a_function_on_its_line_outside)
{
	static const char dir[] = DEVICES "0000:00:01.0/0000:05:00.0";
	struct env e;
	const struct snap_pci *p;

	setup(&e);
	function(&e.t, dir, "0x020000\n");
	put(&e.t, dir, "irq", "17\n");
	put(&e.t, dir, "removable", "removable\n");
	collect_pci(e.s, &e.r, &(struct collect_options){ 0 });
	p = collected_pci(e.s, "0000:05:00.0");
	ok(p != NULL);
	is_int(p->irq.v, 17);
	is_str(snap_str(p->removable), "removable");
	/* No method, or a kernel before 5.15 */
	is_int(p->reset_method.have, HAVE_NONE);
	teardown(&e);
}

TEST(domains_order_and_strays)
{
	struct env e;

	setup(&e);
	function(&e.t, DEVICES "0000:00:0e.0/pci10000:e0/10000:e0:06.0", "0x060400\n");
	function(&e.t, DEVICES "0000:00:0e.0", "0x010400\n");
	function(&e.t, DEVICES "0000:00:02.0", "0x038000\n");
	tree_file(&e.t, "sys/bus/pci/devices/README", "stray\n");
	tree_link(&e.t, "sys/bus/pci/devices/0000:00:1f.0", "../../../devices/gone");
	collect_pci(e.s, &e.r, &(struct collect_options){ 0 });
	is_int(e.s->pci.n, 3);
	is_str(e.s->pci.v[0].address, "0000:00:02.0");
	is_str(e.s->pci.v[1].address, "0000:00:0e.0");
	is_str(e.s->pci.v[2].address, "10000:e0:06.0");
	is_int(e.s->pci.v[1].parent.have, HAVE_NONE);
	is_int(e.s->pci.v[2].parent.have, HAVE_NONE);
	is_int(e.s->pci.v[0].boot_vga.have, HAVE_NONE);
	/* The function behind the dead link exists, and nothing is known of it. */
	is_int(snapshot_status(e.s, SOURCE_PCI), STATUS_TRUNCATED);
	is_str(snapshot_reason(e.s, SOURCE_PCI), "1 of 4 functions could not be read");
	ok(collected_pci(e.s, "0000:00:1f.0") == NULL);
	teardown(&e);
}

TEST(a_copy_that_lost_its_links)
{
	static const char dir[] = "sys/bus/pci/devices/0000:01:00.0";
	struct env e;
	const struct snap_pci *p;

	setup(&e);
	put(&e.t, dir, "vendor", "0x10de\n");
	put(&e.t, dir, "device", "0x13c2\n");
	put(&e.t, dir, "class", "0x030000\n");
	collect_pci(e.s, &e.r, &(struct collect_options){ 0 });
	is_int(e.s->pci.n, 1);
	p = &e.s->pci.v[0];
	is_int(p->driver.have, HAVE_NOT);
	is_int(p->iommu_group.have, HAVE_NOT);
	is_int(p->physfn.have, HAVE_NOT);
	is_int(p->parent.have, HAVE_NOT);
	is_int(p->boot_vga.have, HAVE_NOT);
	is_int(p->sriov_total.have, HAVE_NOT);
	is_int(p->driver_override.have, HAVE_NOT);
	is_int(p->resources.have, HAVE_NOT);
	is_int(p->enabled.have, HAVE_NOT);
	is_int(p->msi.have, HAVE_NOT);
	is_int(p->config.have, HAVE_NOT);
	is_int(snapshot_status(e.s, SOURCE_CONFIG_SPACE), STATUS_TRUNCATED);
	teardown(&e);
}

/* How many bytes are kept of one function's file of N bytes. */
static size_t kept_of(const uint8_t *bytes, size_t n, enum source_status want)
{
	struct env e;
	size_t kept;

	setup(&e);
	function(&e.t, DEVICES "0000:00:01.0", "0x060000\n");
	config(&e.t, DEVICES "0000:00:01.0", bytes, n);
	collect_pci(e.s, &e.r, &(struct collect_options){ 0 });
	is_int(e.s->pci.n, 1);
	is_int(snapshot_status(e.s, SOURCE_CONFIG_SPACE), want);
	kept = e.s->pci.v[0].config.n;
	teardown(&e);
	return kept;
}

TEST(config_space_as_far_as_the_file_goes)
{
	static uint8_t bytes[4096] = { 0xde, 0x10 };

	/* No extended capability: with the header that says so */
	is_int(kept_of(bytes, 4096, STATUS_OK), 260);
	is_int(kept_of(bytes, 258, STATUS_OK), 258);
	is_int(kept_of(bytes, 256, STATUS_OK), 64);
	is_int(kept_of(bytes, 64, STATUS_TRUNCATED), 64);
	is_int(kept_of(bytes, 100, STATUS_TRUNCATED), 64);
	is_int(kept_of(bytes, 3, STATUS_TRUNCATED), 3);
	is_int(kept_of(bytes, 0, STATUS_TRUNCATED), 0);
}

TEST(config_space_as_far_as_it_has_a_meaning)
{
	static uint8_t bytes[256] = { 0xde, 0x10 };

	bytes[0x06] = 0x10; /* has a list */
	bytes[0x34] = 0x50;
	memcpy(bytes + 0x50, "\x01\x70", 2); /* power management, then at 0x70 */
	memcpy(bytes + 0x70, "\x05\x00", 2); /* MSI, the end */
	is_int(kept_of(bytes, 256, STATUS_OK), 0x70 + 24);
	memcpy(bytes + 0x70, "\x09\x40\x20",
		3); /* of the maker, 32 bytes; then at 0x40 */
	is_int(kept_of(bytes, 256, STATUS_OK), 0x70 + 32);
	memcpy(bytes + 0x40, "\x10\xf0", 2);               /* PCI Express, then at 0xf0 */
	is_int(kept_of(bytes, 256, STATUS_OK), 0xf0 + 16); /* something unknown: all */
	memcpy(bytes + 0xf0, "\x11\x50", 2); /* MSI-X, then the first one again */
	is_int(kept_of(bytes, 256, STATUS_OK), 0xf0 + 12);
	bytes[0x0e] = 2; /* CardBus */
	is_int(kept_of(bytes, 256, STATUS_OK), 256);
}

TEST(a_circle_of_capabilities_ends)
{
	static uint8_t bytes[4096];
	struct env e;

	setup(&e);
	/* 0x100 -> 0xffc -> 0x100 */
	memcpy(bytes + 0x100, "\x01\x00\xc1\xff", 4);
	memcpy(bytes + 0xffc, "\x0d\x00\x01\x10", 4);
	function(&e.t, DEVICES "0000:00:01.0", "0x060000\n");
	config(&e.t, DEVICES "0000:00:01.0", bytes, sizeof bytes);
	collect_pci(e.s, &e.r, &(struct collect_options){ 0 });
	is_int(e.s->pci.v[0].config.n, 4096);
	teardown(&e);
}

/* libpci would follow the link to the host's /sys, and wait at the other end of the pipe.
 */
TEST(a_tree_that_leads_out)
{
	struct env e;
	char full[PATH_MAX];

	setup(&e);
	tree_link(&e.t, "sys/bus/pci/devices/0000:00:00.0",
		"/sys/devices/pci0000:00/0000:00:00.0");
	function(&e.t, DEVICES "0000:00:01.0", "0x060000\n");
	tree_must(
		unlink(tree_path(&e.t, DEVICES "0000:00:01.0/vendor", full)) == 0, full);
	tree_must(mkfifo(full, 0644) == 0, full);
	function(&e.t, DEVICES "0000:00:02.0", "0x060000\n");
	tree_link(&e.t, DEVICES "0000:00:02.0/config", "/etc/hostname");
	collect_pci(e.s, &e.r, &(struct collect_options){ 0 });
	is_int(e.s->pci.n, 0);
	is_int(snapshot_status(e.s, SOURCE_PCI), STATUS_TRUNCATED);
	teardown(&e);
}

TEST(no_bus_and_no_functions)
{
	struct env e;

	setup(&e);
	collect_pci(e.s, &e.r, &(struct collect_options){ 0 });
	is_int(snapshot_status(e.s, SOURCE_PCI), STATUS_ABSENT);
	is_int(e.s->pci.have, HAVE_NOT);
	tree_dir(&e.t, "sys/bus/pci/devices");
	collect_pci(e.s, &e.r, &(struct collect_options){ 0 });
	is_int(snapshot_status(e.s, SOURCE_PCI), STATUS_OK);
	is_int(e.s->pci.have, HAVE_VALUE);
	is_int(e.s->pci.n, 0);
	teardown(&e);
}

TEST(patterns_of_aliases)
{
	static const struct {
		const char *pattern, *text;
		bool fits;
	} rows[] = {
		{ "pci:v00008086d*sv*", "pci:v00008086d00001533sv00001043", true },
		{ "pci:v00008086d*sv*", "pci:v00001022d00001533sv00001043", false },
		{ "pci:v*d*bc0Csc03i30*", "pci:v1d2bc0Csc03i30", true },
		{ "pci:v*d*bc0Csc03i30*", "pci:v1d2bc0Csc03i20", false },
		{ "*a*b", "xaxxab", true },
		{ "*a*b", "xaxxa", false },
		{ "a?c", "abc", true },
		{ "a?c", "ac", false },
		{ "nvidia[_-]*", "nvidia_drm", true },
		{ "x[0-9a]", "xa", true },
		{ "x[!0-9]", "x5", false },
		{ "x[", "x[", true },
		{ "a\\*", "a*", true },
		{ "a\\*", "ab", false },
		{ "*", "", true },
		{ "", "", true },
		{ "", "a", false },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (glob_match(rows[i].pattern, rows[i].text) != rows[i].fits)
			tap_fail("%s against %s", rows[i].pattern, rows[i].text);
}

TEST(modules_by_alias)
{
	struct env e;
	const struct snap_pci *p;

	setup(&e);
	function(&e.t, DEVICES "0000:00:01.0", "0x030000\n");
	function(&e.t, DEVICES "0000:00:02.0", "0x0c0330\n");
	tree_file(&e.t, "alias",
		"# Aliases extracted from modules themselves.\n"
		"alias usb:v10DEd* wrong\n"
		"alias pci:v000010DEd*sv*sd*bc03sc00i00* nvidiafb\n"
		"alias pci:v000010DEd*sv*sd*bc03sc*i* nouveau\n"
		"alias pci:v000010DEd*sv*sd*bc03sc02i00* nouveau\n"
		"alias pci:v000010DEd000013C2sv*sd*bc03sc*i* nouveau\n"
		"alias pci:v*d*sv*sd*bc0Csc03i30* xhci_pci\n"
		"alias vfio_pci:v*d*sv*sd*bc*sc*i* vfio_pci\n"
		"alias pci:v000010DEd000013C2sv00001043sd00008508bc*sc*i* board");
	collect_pci(e.s, &e.r, &(struct collect_options){ 0 });
	is_int(pci_read_modules(e.s, &e.r, "none"), STATUS_ABSENT);
	is_int(e.s->pci.v[0].modules.have, HAVE_NOT);
	is_int(pci_read_modules(e.s, &e.r, "alias"), STATUS_OK);
	p = &e.s->pci.v[0];
	is_int(p->modules.n, 3);
	is_str(p->modules.s[0], "board");
	is_str(p->modules.s[1], "nouveau");
	is_str(p->modules.s[2], "nvidiafb");
	p = &e.s->pci.v[1];
	is_int(p->modules.n, 2);
	is_str(p->modules.s[0], "board");
	is_str(p->modules.s[1], "xhci_pci");
	teardown(&e);
}
