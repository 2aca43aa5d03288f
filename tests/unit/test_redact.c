// SPDX-License-Identifier: GPL-2.0-or-later
// Redaction: what must go, what must stay, and that equal things stay equal.
#include "snapshot/redact.h"

#include "tap.h"

static const char *redacted(const char *line)
{
	static char buf[2048];
	struct snapshot *s = snapshot_new();
	struct private_names *names = private_names_new(s->arena);

	private_names_add(names, PRIVATE_USER, "alice", 5);
	private_names_add(names, PRIVATE_HOST, "wonderland", 10);
	s->log.lines.have = HAVE_VALUE;
	snap_log_add(s, line);
	snapshot_redact(s, names);
	const char *first = s->log.lines.s[0];
	snapshot_redact(s, names);
	snprintf(buf, sizeof buf, "%s%s", first,
		strcmp(first, s->log.lines.s[0]) == 0 ? "" : " (and changes again)");
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

TEST(addresses_without_a_word_before_them_go)
{
	is_str(redacted("ip=192.168.1.5:192.168.1.1:10.0.0.254:255.255.255.0:box:eth0"),
		"ip=<ip-1>:<ip-2>:<ip-3>:255.255.255.0:<host-1>:eth0");
	is_str(redacted("ifname=lan:00:1b:21:aa:bb:cc BOOTIF=01-00-1b-21-aa-bb-cc"),
		"ifname=lan:<mac-1> BOOTIF=<mac-2>");
	is_str(redacted("MAC(001B21AABBCC,0) 00:1b:21:aa:bb:cc 00_1b_21_aa_bb_cc"),
		"MAC(<mac-1>,0) <mac-1> <mac-1>");
	is_str(redacted("bluez dev_00_1B_21_AA_BB_CC"), "bluez dev_<mac-1>");
	is_str(redacted("from server 84.113.2.77, on 84.113.2.77: port"),
		"from server <ip-1>, on <ip-1>: port");
	is_str(redacted("::ffff:10.0.2.15"), "::ffff:<ip-1>");
}

TEST(identifiers_go)
{
	is_str(redacted("systemd.machine_id=0123456789abcdef0123456789abcdee"),
		"systemd.machine_id=<id-1>");
	is_str(redacted("/boot/0123456789abcdef0123456789abcdef/6.1/linux"),
		"/boot/<id-1>/6.1/linux");
	is_str(redacted("rd.md.uuid=12345678:9abcdef0:12345678:9abcdef0"),
		"rd.md.uuid=<uuid-1>");
	is_str(redacted("resume=UUID=1A2B-3C4D root=PARTUUID=12345678-02"),
		"resume=UUID=<uuid-1> root=PARTUUID=<uuid-2>");
	is_str(redacted("set root='lvmid/aBc123-abcd-EFGH-1234-abcd-efgh-Zz9876/x'"),
		"set root='lvmid/<uuid-1>/x'");
	is_str(redacted("sd 0:0:0:0: sas_addr(0x500304801234567f), phys(8)"),
		"sd 0:0:0:0: sas_addr(0x<wwn-1>), phys(8)");
	is_str(redacted(
		       "wwn-0x5000c500a1b2c3d4 naa.5000C500A1B2C3D4 eui.0025385b11b2d3c4"),
		"wwn-0x<wwn-1> naa.<wwn-1> eui.<wwn-2>");
	is_str(redacted("key VK7JG-NPHTM-C97JM-9MPGT-3V66T"), "key <key-1>");
	is_str(redacted(
		       "Serial Number: ABC 123 x\nAsset Tag: 77\nUUID: 03000200-0400-0500-"
		       "0006-000700080009"),
		"Serial Number: <serial-1>\nAsset Tag: <serial-2>\nUUID: <uuid-1>");
	is_str(redacted("netroot=iscsi:@10.1.1.1::3260::iqn.2004-04.com.qnap:x"),
		"netroot=<remote-1>");
	is_str(redacted("write to alice.b@example.org now"), "write to <mail-1> now");
	is_str(redacted("GRUB_PASSWORD=\"a b\" wifi.psk=hunter2"),
		"GRUB_PASSWORD=\"<password-1>\" wifi.psk=<password-2>");
	is_str(redacted("password_pbkdf2 bob grub.pbkdf2.sha512.10000.AB.CD"),
		"password_pbkdf2 <user-1> grub.pbkdf2.<password-1>");
	is_str(redacted("Loaded X.509 cert 'Bob Key: 12'"),
		"Loaded X.509 cert '<cert-1>'");
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
	is_str(redacted("root=ZFS=tank/ROOT/mine"), "root=ZFS=<volume-1>");
	is_str(redacted("Linux version 6.1.0 (alice2@mybox) (gcc 12)"),
		"Linux version 6.1.0 (<builder-1>) (gcc 12)");
	is_str(redacted("wonderland kernel: up"), "<host-1> kernel: up");
	is_str(redacted("(x alice@wonderland) /home/alice/vbios.rom"),
		"(x <user-1>@<host-1>) /home/<user-1>/vbios.rom");
	is_str(redacted("systemd[1]: Hostname set to <looking-glass>."),
		"systemd[1]: Hostname set to <<host-1>>.");
	is_str(redacted(
		       "Domain 'my vm' of guest=my_box,debug, machine-qemu\\x2d1\\x2dfoo.scope"),
		"Domain '<guest-1>' of guest=<guest-2>,debug, "
		"machine-qemu\\x2d1\\x2d<guest-3>.scope");
	is_str(redacted("/etc/libvirt/qemu/games1.xml, /run/media/bob/STICK"),
		"/etc/libvirt/qemu/<guest-1>.xml, /run/media/<user-1>/STICK");
}

TEST(a_volume_is_one_in_all_its_spellings)
{
	is_str(redacted(
		       "rd.lvm.lv=my-vg/root root=/dev/mapper/my--vg-root /dev/my-vg/root "
		       "dev-mapper-my\\x2d\\x2dvg\\x2droot.device"),
		"rd.lvm.lv=<volume-1> root=/dev/mapper/<volume-1> /dev/<volume-1> "
		"dev-mapper-<volume-1>.device");
	is_str(redacted("rd.luks.name=0a1b2c3d-0000-1111-2222-333344445555=chest "
			"root=/dev/mapper/chest"),
		"rd.luks.name=<uuid-1>=<volume-1> root=/dev/mapper/<volume-1>");
	is_str(redacted("cryptdevice=UUID=0A1B2C3D-0000-1111-2222-333344445555:chest:x "
			"/dev/mapper/luks-0a1b2c3d-0000-1111-2222-333344445555"),
		"cryptdevice=UUID=<uuid-1>:<volume-1>:x /dev/mapper/luks-<uuid-1>");
	is_str(redacted("cryptdevice=PARTLABEL=mine:chest /dev/mapper/chest"),
		"cryptdevice=PARTLABEL=<label-1>:<volume-1> /dev/mapper/<volume-1>");
	is_str(redacted("root=LABEL=\"My Disk\" /dev/disk/by-label/My\\x20Disk"),
		"root=LABEL=\"<label-1>\" /dev/disk/by-label/<label-1>");
}

TEST(names_that_installers_give_stay)
{
	static const char *const lines[] = {
		"root=/dev/mapper/pve-root ro",
		"root=ZFS=rpool/ROOT/pve-1 boot=zfs",
		"root=/dev/mapper/root",
		"rd.lvm.lv=fedora/root",
		"root=LABEL=nixos",
		"root@pve:~#",
		"cryptdevice=/dev/sda2:cryptroot",
		"/etc/libvirt/qemu/networks/default.xml",
		"/etc/libvirt/qemu/win10.xml",
	};

	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
		is_str(redacted(lines[i]), lines[i]);
}

static const char *learned(const char *text, const char *line)
{
	static char buf[512];
	struct snapshot *s = snapshot_new();
	struct private_names *names = private_names_new(s->arena);

	private_names_learn(names, text, strlen(text));
	s->kernel.cmdline = snap_text_of(s, line);
	snapshot_redact(s, names);
	snprintf(buf, sizeof buf, "%s", s->kernel.cmdline.s);
	snapshot_free(s);
	return buf;
}

TEST(names_are_learned_from_texts)
{
	static const char *const texts[] = {
		"bob@teapot:~$ lspci\n",
		"[bob@teapot ~]$ dmesg\n",
		"[bob@teapot linux-6.1]$ ls\n",
		"Linux teapot 6.8.0-45-generic #45 SMP x86_64\n/home/bob/x",
		"Nov  2 21:03:04 teapot sudo:  bob : TTY=pts/0 ; PWD=/",
		"2024-11-02T21:03:04.123+01:00 teapot kernel: x\nuid=1000(bob) gid=1",
		"teapot:~ # ls\npam_unix(sudo:session): session opened for user bob(uid=1)",
		"teapot ~ # ls\nNew session 3 of user bob.",
	};

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		is_str(learned(texts[i], "a bob on Teapot, bobby-teapots"),
			"a <user-1> on <host-1>, bobby-teapots");
	is_str(learned("root@pve:~# ls\n[user@linux ~]$", "user pve linux"),
		"user pve linux");
	is_str(learned("Linux version 6.1.0\nhttp://x: ~ \nvfio@pci:~$",
		       "version vfio pci"),
		"version vfio pci");
}

TEST(a_name_that_is_a_driver_stays)
{
	struct snapshot *s = snapshot_new();
	struct private_names *names = private_names_new(s->arena);
	struct snap_module *m = snap_list_add(s, &s->modules);

	m->name = "nouveau";
	private_names_add(names, PRIVATE_HOST, "nouveau", 7);
	s->kernel.cmdline = snap_text_of(s, "nouveau.modeset=0 hostname=nouveau");
	snapshot_redact(s, names);
	is_str(s->kernel.cmdline.s, "nouveau.modeset=0 hostname=<host-1>");
	snapshot_free(s);
}

TEST(tokens_of_an_earlier_time_keep_their_meaning)
{
	is_str(redacted("was <mac-3>, is 52:54:00:12:34:56 <other-1>"),
		"was <mac-3>, is <mac-4> <other-1>");
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
		"AGESA ComboAm4v2PI 1.2.0.7, FWVersion(16.00.11.00), version 10.3.2.1",
		"i915: GuC firmware i915/tgl_guc_70.1.1.bin version 70.1.1.200",
		"Linux 6.8.12.1-generic, driver v535.154.5.1, BIOS 84.7.10.4",
		"Serial: 8250/16550 driver, 32 ports, IRQ sharing enabled",
		"usb 1-1: New USB device strings: Mfr=1, Product=2, SerialNumber=3",
		"drivers/media/pci/x.ko /sys/bus/pci/drivers/vfio-pci/bind",
		"0cf8-0cff : PCI conf1, 0000-001f : dma1, e0000000-efffffff",
		"pci_0000_02_00_0 00000000-0000ffff TLP Header: 04000001 0000000f",
		"systemd-fsck@dev-sda1.service: Failed, getty@tty1.service",
		"device-mapper: ioctl: 4.48.0 initialised: dm-devel@redhat.com",
		"power domain 'usb', iommu: Default domain type: Translated",
		"Loaded X.509 cert 'Debian Secure Boot CA: 6cced'",
		"usb usb1: SerialNumber: 0000:00:14.0",
		"CS35L41 Bound - SSID: 10431D1F, BST: 0",
		"21f0000.serial: ttymxc3 at MMIO 0x21f0000 (irq = 82)",
		"CONFIG_EFI_SECRET=m hostname=? addr=?",
		"ata1.00: ACPI cmd 00/00:00:00:00:00:a0(NOP) rejected",
		"duplicate WMI GUID 05901221-D566-11D1-B2F0-00A0C9062910 (first",
		"Request device [03:00.0] fault addr 0xa000000 [fault reason 0x06]",
	};

	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
		is_str(redacted(lines[i]), lines[i]);
}

TEST(a_common_host_name_stays)
{
	struct snapshot *s = snapshot_new();

	s->kernel.version = snap_text_of(s, "linux version of linux");
	struct private_names *names = private_names_new(s->arena);
	private_names_add(names, PRIVATE_HOST, "linux", 5);
	snapshot_redact(s, names);
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
	snapshot_redact(s, NULL);
	ok(memcmp(s->pci.v[0].config.p + 0x114, "\0\0", 2) == 0);
	ok(memcmp(s->pci.v[1].config.p + 0x110, "\x03\0\x01\x10\0\0\0\0\0\0\0\0", 12) ==
		0);
	ok(s->pci.v[1].config.p[0x100] == 0x0d);
	snapshot_free(s);
}
