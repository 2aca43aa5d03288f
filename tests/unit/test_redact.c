// SPDX-License-Identifier: GPL-2.0-or-later
// Redaction: what must go, what must stay, and that equal things stay equal.
#include "snapshot/redact.h"

#include "tap.h"

static const char *redacted(const char *line)
{
	static char buf[512];
	static const char *const users[] = { "alice", NULL };
	struct snapshot *s = snapshot_new();

	s->kernel.cmdline = snap_text_of(s, line);
	snapshot_redact(s, "wonderland", users);
	const char *first = s->kernel.cmdline.s;
	snapshot_redact(s, "wonderland", users);
	snprintf(buf, sizeof buf, "%s%s", first,
		strcmp(first, s->kernel.cmdline.s) == 0 ? "" : " (and changes again)");
	snapshot_free(s);
	return buf;
}

TEST(private_numbers_go)
{
	is_str(redacted("eth0: 52:54:00:12:34:56"), "eth0: <mac-1>");
	is_str(redacted("enx525400123456: link, wlx0011223344"),
		"enx<mac-1>: link, wlx0011223344");
	is_str(redacted("(00:1b:21:aa:bb:cc), 00:1b:21:aa:bb:cd: up"),
		"(<mac-1>), <mac-2>: up");
	is_str(redacted("root=UUID=0a1b2c3d-0000-1111-2222-333344445555 quiet"),
		"root=UUID=<uuid-1> quiet");
	is_str(redacted("ip=192.168.7.12::192.168.7.1"), "ip=<ip-1>::<ip-2>");
	is_str(redacted("from fe80::1c2d:3aff:fe00:1 on"), "from <ip-1> on");
	is_str(redacted("2001:db8:1:2:3:4:5:6"), "<ip-1>");
}

TEST(private_names_go)
{
	is_str(redacted("usb 1-2: SerialNumber: 4C530001A"),
		"usb 1-2: SerialNumber: <serial-1>");
	is_str(redacted("root=/dev/mapper/vg0-root ro"),
		"root=/dev/mapper/<volume-1> ro");
	is_str(redacted("root=/dev/vg0/root ro"), "root=/dev/<volume-1> ro");
	is_str(redacted("root=LABEL=secret rd.lvm.lv=vg/lv"),
		"root=LABEL=<label-1> rd.lvm.lv=<volume-1>");
	is_str(redacted("root=ZFS=rpool/ROOT/pve-1"), "root=ZFS=<volume-1>");
	is_str(redacted("Linux version 6.1.0 (alice2@mybox) (gcc 12)"),
		"Linux version 6.1.0 (<builder-1>) (gcc 12)");
	is_str(redacted("wonderland kernel: up"), "<host-1> kernel: up");
	is_str(redacted("(alice@wonderland) /home/alice/vbios.rom"),
		"(<user-1>@<host-1>) /home/<user-1>/vbios.rom");
}

TEST(equal_things_stay_equal)
{
	is_str(redacted("52:54:00:00:00:01 52:54:00:00:00:02 52:54:00:00:00:01"),
		"<mac-1> <mac-2> <mac-1>");
}

TEST(evidence_stays)
{
	static const char *const lines[] = {
		"vfio-pci 0000:01:00.0: enabling device (0000 -> 0003)",
		"AMD-Vi: [Firmware Bug]: : IOAPIC[9] not in IVRS table",
		"options vfio-pci ids=1002:6810,1002:aab0 ,1043:aab0",
		"vfio_pci: add [10de:1b81[ffffffff:ffffffff]] class 0x000000/00000000",
		"pci 10000:e1:00.0: [8086:f1a8] type 00 class 0x010802",
		"Linux version 6.12.117+deb12-amd64 (debian-kernel@lists.debian.org)",
		"DMI: Gigabyte 990FXA-UD3, BIOS F10.1.2.3 01/02/2013",
		"BIOS-e820: [mem 0x0000000000000000-0x000000000009fbff] usable",
		"pci 0000:00:1c.0: PCI bridge to [bus 01]",
		"listening on 127.0.0.1 and 0.0.0.0",
		"/dev/vfio/12 /dev/dri/card0 /dev/disk/by-uuid/x",
		"ivrs_ioapic[9]=00:14.0 ivrs_ioapic=10@0000:00:00.1",
		"Request device [03:00.0] fault addr 0xa000000 [fault reason 0x06]",
	};

	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
		is_str(redacted(lines[i]), lines[i]);
}

TEST(a_common_host_name_stays)
{
	struct snapshot *s = snapshot_new();

	s->kernel.version = snap_text_of(s, "linux version of linux");
	snapshot_redact(s, "linux", NULL);
	is_str(s->kernel.version.s, "linux version of linux");
	ok(s->origin.redacted.v);
	snapshot_free(s);
}

TEST(the_serial_number_of_a_device_goes)
{
	uint8_t config[0x120] = { [0x100] = 0x0d, [0x102] = 0x01, [0x103] = 0x11 };
	struct snapshot *s = snapshot_new();

	/* ACS at 100h points to the serial number at 110h, which points back */
	memcpy(config + 0x110, "\x03\x00\x01\x10\x11\x22\x33\x44\x55\x66\x77\x88", 12);
	struct snap_pci *cut = snap_list_add(s, &s->pci);
	cut->config = snap_bytes_of(s, config, 0x116);
	struct snap_pci *whole = snap_list_add(s, &s->pci);
	whole->config = snap_bytes_of(s, config, sizeof config);
	snapshot_redact(s, NULL, NULL);
	ok(memcmp(s->pci.v[0].config.p + 0x114, "\0\0", 2) == 0);
	ok(memcmp(s->pci.v[1].config.p + 0x110, "\x03\0\x01\x10\0\0\0\0\0\0\0\0", 12) ==
		0);
	ok(s->pci.v[1].config.p[0x100] == 0x0d);
	snapshot_free(s);
}
