// SPDX-License-Identifier: GPL-2.0-or-later
// The command line of the running kernel, as /proc/cmdline has it.
#include <string.h>

#include "base/text.h"
#include "import/format.h"

enum {
	WRAP_LEAST = 56,
	WRAP_MOST = 100,
	LONGEST = 4096, /* COMMAND_LINE_SIZE: 2048 on x86, nowhere more than this */
};

/* How sure it is that a line is of /proc/cmdline. */
enum rank {
	RANK_NONE,
	RANK_PICKED, /* `intel_iommu=on iommu=pt vfio-pci.ids=…`: some of the words */
	RANK_WORDS,  /* `root=UUID=… ro quiet`: may be of a file as well */
	RANK_LOADER, /* begins with what only a boot loader puts there */
	RANK_NAMED,  /* somebody says that it is */
};

static bool is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		(c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
}

/* `NAME`, `NAME=…` at P; its length, 0: something else. */
static size_t word_at(const char *p, bool *ret_value)
{
	size_t n = strcspn(p, " \t"), name = 0;

	while (name < n && is_name(p[name]))
		name++;
	*ret_value = name && p[name] == '=';
	return name && (name == n || *ret_value) ? n : 0;
}

/* Words that stand alone on many command lines, and in no sentence beside each other. */
static bool is_plain_word(const char *p, size_t n)
{
	static const char *const words[] = { "ro", "rw", "quiet", "splash", "nomodeset",
		"debug", "noapic", "nosplash", "rhgb", "fastboot", "--", "verbose",
		"nofb" };

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (strlen(words[i]) == n && memcmp(words[i], p, n) == 0)
			return true;
	return false;
}

/* Are all words those of a command line? Counts them. */
static bool is_all_words(const char *p, size_t *ret_n)
{
	size_t n = 0;

	for (p += strspn(p, " \t"); *p; p += strspn(p, " \t"), n++) {
		bool value;
		size_t len = word_at(p, &value);
		if (!len || (!value && !is_plain_word(p, len)))
			return false;
		p += len;
	}
	*ret_n = n;
	return n > 0;
}

/* Are they those that people add for passthrough: three at least, two of them known? */
static bool is_picked(const char *p)
{
	static const char *const names[] = { "intel_iommu=", "amd_iommu=", "iommu=",
		"vfio-pci.ids=", "pcie_acs_override=", "rd.driver.pre=", "video=efifb",
		"kvm.ignore_msrs=", "vfio_iommu_type1.", "initcall_blacklist=",
		"modprobe.blacklist=", "module_blacklist=", "rd.driver.blacklist=" };
	size_t n = 0, known = 0;

	for (p += strspn(p, " \t"); *p; n++) {
		for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
			known += text_starts(p, names[i]);
		p += strcspn(p, " \t");
		p += strspn(p, " \t");
	}
	return n >= 3 && known >= 2;
}

/* Behind `Kernel command line:` and the like. */
static const char *skip_label(const char *p)
{
	static const char *const labels[] = { "Kernel command line:",
		"kernel command line:", "Kernel cmdline:", "Command line:",
		"/proc/cmdline:", "Linux cmdline:", "Kernel parameters:", "CMDLINE:",
		"cmdline:", "Cmdline:", "Kernel args:", "Boot parameters:" };

	for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++)
		if (text_starts(p, labels[i])) {
			p += strlen(labels[i]);
			return p + strspn(p, " \t");
		}
	return p;
}

static bool is_proc_cmdline(const struct import *im)
{
	return im->fresh && text_equal(im->command.file, "/proc/cmdline");
}

static enum rank rank_of(const struct import *im, const char *line)
{
	const char *start = line + strspn(line, " \t"), *p = skip_label(start);
	size_t n;
	bool value;

	/* A setting of GRUB: what the kernel is to get, not what it got */
	if (!*p || text_starts(p, "GRUB_"))
		return RANK_NONE;
	if (is_proc_cmdline(im) || (p != start && word_at(p, &value)))
		return RANK_NAMED;
	/* GRUB, and systemd-boot: the path of an EFI file has backslashes */
	if (text_starts(p, "BOOT_IMAGE=") || text_starts(p, "initrd=\\"))
		return RANK_LOADER;
	if (!is_all_words(p, &n) || n < 3)
		return RANK_NONE;
	if (is_picked(p) && !strstr(p, "root="))
		return RANK_PICKED;
	/* `root=ZFS=… boot=zfs` without an initrd: the file that Proxmox VE makes it of */
	return text_starts(p, "root=") && !text_starts(p, "root=ZFS=") ? RANK_WORDS
								       : RANK_NONE;
}

static size_t cmdline_take(const struct import *im, const struct paste_line *v, size_t n)
{
	size_t taken = 1, words;

	if (v->n > LONGEST || rank_of(im, v->text) == RANK_NONE)
		return 0;
	while (taken < n && v[taken - 1].n >= WRAP_LEAST && v[taken - 1].n <= WRAP_MOST &&
		is_all_words(v[taken].text, &words) &&
		rank_of(im, v[taken].text) < RANK_LOADER)
		taken++;
	return taken;
}

static void cmdline_read(struct import *im, const struct paste_line *v, size_t n)
{
	enum rank rank = rank_of(im, v->text);
	struct strbuf b = { 0 };

	/* Of two the surer one, of equal ones the later: people show what they changed */
	bool given = im->snap->kernel.cmdline.have != HAVE_NOT && !im->cmdline_rank;
	if (given || (int)rank < im->cmdline_rank)
		return;
	im->cmdline_rank = (int)rank;
	for (size_t i = 0; i < n; i++) {
		const char *p = v[i].text + strspn(v[i].text, " \t");
		strbuf_add(&b, i ? " " : "");
		strbuf_add(&b, i ? p : skip_label(p));
	}
	im->snap->kernel.cmdline = snap_line_of(im->snap, strbuf_text(&b));
	strbuf_free(&b);
}

const struct format format_cmdline = {
	.name = "cmdline",
	.title = "command line of the kernel",
	.take = cmdline_take,
	.read = cmdline_read,
};
