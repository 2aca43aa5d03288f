// SPDX-License-Identifier: GPL-2.0-or-later
// Guests of libvirt and Proxmox VE: what of their files is kept, and whom they name.
#include <string.h>

#include "facts/guests.h"
#include "import/guest_text.h"
#include "machine.h"
#include "tap.h"

#define ALL                                                                              \
	(1u << SOURCE_PCI | 1u << SOURCE_MODPROBE | 1u << SOURCE_INITRAMFS |             \
		1u << SOURCE_KERNEL | 1u << SOURCE_MODULE_FILES | 1u << SOURCE_GUESTS)

static const char domain[] =
	"<!--\nWARNING: <hostdev type='pci'><source><address bus='0x09' slot='0x00'/>\n-->\n"
	"<domain type='kvm'>\n"
	"  <name>secret-name</name>\n"
	"  <os><type arch='x86_64' machine='pc-q35-7.2'>hvm</type></os>\n"
	"  <devices>\n"
	"    <interface type='bridge'><mac address='52:54:00:12:34:56'/></interface>\n"
	"    <graphics type='vnc' passwd='secret-word'/>\n"
	"    <hostdev mode='subsystem' type='usb'><source><address bus='1' device='4'/>"
	"</source></hostdev>\n"
	"    <hostdev mode='subsystem' type='pci' managed='yes'>\n"
	"      <source>\n"
	"        <address domain='0x0000' bus='0x02' slot='0x00' function='0x1'/>\n"
	"      </source>\n"
	"      <rom file='/home/secret/vbios.rom'/>\n"
	"      <address type='pci' domain='0x0000' bus='0x05' slot='0x00' function='0x0'/>\n"
	"    </hostdev>\n"
	"    <interface type='hostdev'>\n"
	"      <mac address='52:54:00:12:34:57'/>\n"
	"      <source><address type='pci' domain='0' bus='3' slot='16' function='2'/>"
	"</source>\n"
	"    </interface>\n"
	"  </devices>\n"
	"</domain>\n";

TEST(nothing_private_is_kept_of_a_domain)
{
	struct arena *a = arena_new();
	const char *text = guest_text_libvirt(a, domain);

	ok(!strstr(text, "secret"));
	ok(!strstr(text, "52:54"));
	ok(!strstr(text, "0x09"));
	ok(!strstr(text, "usb"));
	ok(strstr(text, "machine='pc-q35-7.2'"));
	ok(strstr(text, "managed='yes'"));
	is_str(guest_text_libvirt(a, "<"), "");
	is_str(guest_text_libvirt(a, "<!-- "), "");
	is_str(guest_text_libvirt(a, ""), "");
	arena_free(a);
}

TEST(nothing_private_is_kept_of_others)
{
	struct arena *a = arena_new();

	is_str(guest_text_proxmox(a,
		       "name: secret\nhostpci0: 0000:02:00,pcie=1\nmachine: q35\n"
		       "net0: virtio=BC:24\n[snap]\nhostpci0: 0000:09:00\n"),
		"\nhostpci0: 0000:02:00,pcie=1\nmachine: q35\n\n");
	is_str(guest_text_mapping(a,
		       "gpu\n\tmap iommugroup=3,id=1002:6810,node=secret,path=0000:02:00\n"
		       "\tdescription secret\n"),
		"gpu\n\tmap id=1002:6810,path=0000:02:00\n\n");
	is_str(guest_text_hooks(a,
		       "#!/bin/sh\n# 0000:09:00.0\nvirsh nodedev-detach "
		       "pci_0000_02_00_0\nPW=secret X=0000:02:00.1\n"),
		"\n\npci_0000_02_00_0 \n0000:02:00.1 \n");
	arena_free(a);
}

static void add_file(struct snapshot *s, const char *path, const char *text)
{
	struct snap_file *file = snap_list_add(s, &s->files);

	file->path = path;
	file->text = snap_text_of(s, text);
}

static struct snap_pci *pci(struct snapshot *s, const char *address)
{
	struct snap_pci *p = machine_pci(s, address, 0x020000, -1);

	p->driver = snap_text_of(s, "igb");
	p->driver_override = snap_text_none();
	p->vendor = snap_hex_of(0x1002);
	p->device = snap_hex_of(0x6810);
	return p;
}

static struct snapshot *host(const char *path, const char *text)
{
	struct snapshot *s = machine_new(ALL);

	s->host.container = snap_text_none();
	s->kernel.cmdline = snap_text_of(s, "");
	pci(s, "0000:02:00.0");
	pci(s, "0000:02:00.1");
	pci(s, "0000:03:10.2");
	add_file(s, path, text);
	return s;
}

static const char *giver(struct facts *f, const char *address)
{
	const struct guest_claim *claim = guest_claim_of(f, machine_fn(f, address));

	return claim ? claim->where : NULL;
}

TEST(a_domain_names_functions)
{
	struct arena *a = arena_new();
	struct snapshot *s =
		host("/etc/libvirt/qemu/win.xml", guest_text_libvirt(a, domain));
	struct facts *f = facts_new(s, NULL);

	is_str(giver(f, "02:00.1"), "/etc/libvirt/qemu/win.xml:13");
	ok(!giver(f, "02:00.0"));
	is_str(giver(f, "03:10.2"), "/etc/libvirt/qemu/win.xml:20");
	ok(!guest_claim_of(f, machine_fn(f, "02:00.1"))->by_hand);
	ok(guest_claim_of(f, machine_fn(f, "03:10.2"))->by_hand);
	/* It is a target, and nothing claims it for vfio-pci at boot */
	ok(machine_fn(f, "02:00.1")->target != NULL);
	is_int(fact_of(f, machine_fn(f, "02:00.1")->device, "claim.by")->state,
		FACT_NONE);
	facts_free(f);
	/* Another that may not be read may name more */
	snap_list_add(s, &s->files)->path = "/etc/libvirt/qemu/other.xml";
	f = facts_new(s, NULL);
	is_int(guest_claims_known(f), TRI_UNKNOWN);
	is_int(f->scopes[SCOPE_TARGET].listed, TRI_UNKNOWN);
	facts_free(f);
	snapshot_free(s);
	arena_free(a);
}

TEST(proxmox)
{
	static const struct {
		const char *line;
		bool first, second;
	} cases[] = {
		{ "hostpci0: 0000:02:00,pcie=1,x-vga=1", true, true },
		{ "hostpci0: 02:00.0", true, false },
		{ "hostpci12: host=0000:02:00.1;0000:02:00.0,pcie=1", true, true },
		{ "hostpci0: mapping=gpu,pcie=1", false, true },
		{ "hostpci0: mapping=gp", false, false },
		{ "hostpci0: mapping=other", false, false },
		{ "hostpci0:", false, false },
		{ "hostpci0", false, false },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct snapshot *s = host("/etc/pve/qemu-server/100.conf", cases[i].line);
		struct facts *f;

		add_file(s, "/etc/pve/mapping/pci.cfg",
			"gpu\n\tmap id=1002:6810,path=0000:02:00.1\nother\n"
			"\tmap id=8086:1533,path=0000:02:00.0\n");
		f = facts_new(s, NULL);
		if (!giver(f, "02:00.0") != !cases[i].first ||
			!giver(f, "02:00.1") != !cases[i].second)
			tap_fail("%s", cases[i].line);
		facts_free(f);
		snapshot_free(s);
	}
}

TEST(stale_addresses)
{
	struct snapshot *s = host("/etc/libvirt/hooks/kvm.conf",
		"\npci_0000_02_00_0 \n0000:09:00.0 pci_0000_02_00_x \n");
	struct facts *f = facts_new(s, NULL);

	is_int(f->scopes[SCOPE_ADDRESS].n, 2);
	ok(fact_of(f, f->scopes[SCOPE_ADDRESS].v[0], "present")->b);
	ok(!fact_of(f, f->scopes[SCOPE_ADDRESS].v[1], "present")->b);
	is_str(fact_of(f, f->scopes[SCOPE_ADDRESS].v[1], "where")->text,
		"/etc/libvirt/hooks/kvm.conf:3");
	facts_free(f);
	snapshot_free(s);
}

TEST(who_may_not_look_knows_nothing)
{
	static const struct {
		enum source_status status;
		enum tri known;
	} cases[] = { { STATUS_ABSENT, TRI_TRUE }, { STATUS_DENIED, TRI_UNKNOWN },
		{ STATUS_TRUNCATED, TRI_UNKNOWN } };

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct snapshot *s = host("/etc/modprobe.d/x.conf", "");
		struct facts *f;

		snapshot_set_status(s, SOURCE_GUESTS, cases[i].status, NULL);
		f = facts_new(s, NULL);
		is_int(guest_claims_known(f), cases[i].known);
		is_int(fact_of(f, machine_fn(f, "02:00.0")->device, "guest.by")->state,
			cases[i].known == TRI_TRUE ? FACT_NONE : FACT_ABSENT);
		facts_free(f);
		snapshot_free(s);
	}
}
