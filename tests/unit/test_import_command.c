// SPDX-License-Identifier: GPL-2.0-or-later
// Prompts and headings of a paste: what they name, and what is none.
#include "import/command.h"

#include "tap.h"

/* What the text is taken for: "TEXT", "TEXT|FILE", a `*` behind it if lines are missing. */
static const char *named(const char *line)
{
	static char shown[256];
	struct paste_line v = { .text = line, .n = strlen(line), .number = 1 };
	struct import *im = import_new();

	snprintf(shown, sizeof shown, "none");
	if (format_command.take(im, &v, 1)) {
		format_command.read(im, &v, 1);
		snprintf(shown, sizeof shown, "%s%s%s%s",
			im->command.text ? im->command.text : "",
			im->command.file ? "|" : "",
			im->command.file ? im->command.file : "",
			im->command.filtered ? "*" : "");
		ok(im->fresh);
	}
	snapshot_free(import_finish(im));
	import_free(im);
	return shown;
}

TEST(prompts)
{
	static const char *const lines[] = {
		"$ lspci -nnk",
		"# lspci -nnk",
		"% lspci -nnk",
		"❯ lspci -nnk",
		"➜  ~ lspci -nnk",
		"➜  lspci -nnk",
		"user@host:~$ lspci -nnk",
		"root@pve:~# lspci -nnk",
		"[user@host ~]$ lspci -nnk",
		"[root@fedora ~]# sudo lspci -nnk",
		"user@host ~ $ lspci -nnk",
		"user@host ~> lspci -nnk",
		"host ~ # lspci -nnk",
		"linux-8xyz:~ # lspci -nnk",
		"~ # lspci -nnk",
		"bash-5.1$ lspci -nnk",
		"sh-4.4# lspci -nnk",
		"└─$ lspci -nnk",
		"╰─➤ lspci -nnk",
		"(venv) user@host:~/x$ sudo -E lspci -nnk",
		"  $ LC_ALL=C lspci -nnk",
		"<user-1>@<host-1>:~$ lspci -nnk",
	};

	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
		is_str(named(lines[i]), "lspci -nnk");
	is_str(named("root@pve:~#"), "");
	is_str(named("$ ./own-script"), "./own-script");
	is_str(named("$ dmesg | grep -i iommu"), "dmesg | grep -i iommu*");
}

TEST(files_are_named)
{
	is_str(named("$ cat /proc/cmdline"), "cat /proc/cmdline|/proc/cmdline");
	is_str(named("$ sudo nano /etc/default/grub"),
		"nano /etc/default/grub|/etc/default/grub");
	is_str(named("$ grep GRUB_CMDLINE /etc/default/grub"),
		"grep GRUB_CMDLINE /etc/default/grub|/etc/default/grub*");
	is_str(named("$ cat /etc/modules | grep vfio"),
		"cat /etc/modules | grep vfio|/etc/modules*");
	is_str(named("$ cat /etc/modules /etc/fstab"), "cat /etc/modules /etc/fstab");
	is_str(named("$ cat > /etc/modules << EOF"), "cat > /etc/modules << EOF");
	is_str(named("$ cat /etc/modules 2>/dev/null"),
		"cat /etc/modules 2>/dev/null|/etc/modules");
	is_str(named("$ echo vfio >> /etc/modules"), "echo vfio >> /etc/modules");
}

TEST(headings)
{
	static const char *const modules[] = { "/etc/modules",
		"/etc/modules:", "==> /etc/modules <==", "**/etc/modules**",
		"### /etc/modules", "# /etc/modules", "--- /etc/modules ---",
		"File: /etc/modules", "Contents of /etc/modules:", "`/etc/modules`:" };

	for (size_t i = 0; i < sizeof modules / sizeof modules[0]; i++)
		is_str(named(modules[i]), "/etc/modules|/etc/modules");
	is_str(named("lspci -nnk"), "lspci -nnk");
	is_str(named("Output of lspci -nnk:"), "lspci -nnk");
	is_str(named("lspci output:"), "lspci");
	is_str(named("dmesg | grep -i iommu:"), "dmesg | grep -i iommu*");
	is_str(named("cat /proc/cmdline"), "cat /proc/cmdline|/proc/cmdline");
	is_str(named("`lsmod | grep kvm` outputs this:"), "lsmod | grep kvm*");
	is_str(named("When I run `dmesg | grep vfio` I get:"), "dmesg | grep vfio*");
	is_str(named("My /etc/default/grub looks like this:"),
		"/etc/default/grub|/etc/default/grub");
	is_str(named("virsh dumpxml win10"), "virsh dumpxml win10");
}

TEST(everything_else)
{
	static const char *const lines[] = {
		"",
		"$",
		"$100 for a card",
		"$ 100 for a card",
		"# comment",
		"# If you change this file, run 'update-grub' afterwards",
		"# for GPU passthrough",
		"# find the right group",
		"# The following line is for vfio",
		"## My system",
		"> for me).",
		"cat",
		"less is more",
		"dmesg shows the following error",
		"lspci says it is there",
		"head of the list",
		"Remove this from /etc/modules:",
		"You should add this to /etc/modules:",
		"I tried with /etc/modules:",
		"[    0.25] DMAR: IOMMU enabled",
		"[    0.000000] Command line: BOOT_IMAGE=/boot/vmlinuz root=/dev/sda1",
		"BOOT_IMAGE=/boot/vmlinuz-6.8 root=/dev/sda1 ro",
		"GRUB_CMDLINE_LINUX_DEFAULT=\"quiet iommu=pt\"",
		"01:00.0 VGA compatible controller [0300]: NVIDIA [10de:1c82] (rev a1)",
		"\tKernel driver in use: vfio-pci",
		"IOMMU Group 1:",
		"/sys/kernel/iommu_groups/1/devices/0000:01:00.0",
		"<businfo>pci@0000:ff:05.0</businfo>",
		"RIP=ffffffff8104ed58 RFL=00000046 [---Z-P-] CPL=0",
		"PATH=/usr/local/sbin:/usr/bin \\",
		"Mail joe@example.com about it",
		"Nov 22 14:00:01 host kernel: vfio-pci 0000:01:00.0: x",
		"options vfio-pci ids=10de:1c82",
		"modprobe vfio-pci",
		"vfio_pci",
		"Flags:  fpu vme de pse",
		"  24:   0   0  IR-PCI-MSI 524288-edge  nvme0q0",
	};

	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
		if (strcmp(named(lines[i]), "none") != 0)
			tap_fail("\"%s\" names \"%s\"", lines[i], named(lines[i]));
}
