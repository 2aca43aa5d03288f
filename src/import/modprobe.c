// SPDX-License-Identifier: GPL-2.0-or-later
// Lines of modprobe.d, and lists of modules to load, without the name of their file.
#include <string.h>

#include "base/text.h"
#include "import/format.h"

/* Read after all others of the directory but those whose name comes later. */
static const char lines_path[] = "/etc/modprobe.d/pasted.conf";
static const char list_path[] = "/etc/modules-load.d/pasted.conf";

/* Modules that guides tell people to list. */
static const char *const listed[] = { "vfio", "vfio_pci", "vfio-pci", "vfio_iommu_type1",
	"vfio_virqfd", "vfio_pci_core", "kvm", "kvm_intel", "kvm_amd", "kvmgt",
	"pci_stub", "pci-stub", "vfio-iommu-type1", "vfio_mdev", "mdev", "nvidia",
	"amdgpu", "i915", "irqbypass", "xhci_pci", "vhost_net", "vfio-pci-core" };

static const char *next_word(const char *p)
{
	p += strcspn(p, " \t");
	return p + strspn(p, " \t");
}

/* The name of a module, or a pattern for some, of N bytes. */
static bool is_module(const char *p, size_t n)
{
	if (n == 0 || n > 64)
		return false;
	for (size_t i = 0; i < n; i++) {
		char c = p[i];
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			    (c >= '0' && c <= '9') || c == '_' || c == '-'))
			return false;
	}
	return true;
}

/* `modeset=1`, or a flag. */
static bool has_assignment(const char *p)
{
	for (; *p; p = next_word(p)) {
		size_t n = strcspn(p, " \t"), equals = strcspn(p, "=");
		if (equals && equals < n && is_module(p, equals))
			return true;
	}
	return false;
}

/* A command that stands behind `install` or `remove`. */
static bool is_command(const char *p)
{
	size_t n = strcspn(p, " \t;");

	return *p == '/' || *p == '{' || (n == 4 && !memcmp(p, "true", 4)) ||
		(n == 5 && !memcmp(p, "false", 5)) || (n == 1 && *p == ':') ||
		text_starts(p, "modprobe ") || text_starts(p, "echo ");
}

/* Does TEXT say what modprobe.d(5) knows? A sentence may begin with each of the words. */
static bool is_directive(const char *text)
{
	const char *p = text + strspn(text, " \t"), *module = next_word(p);
	size_t verb = strcspn(p, " \t"), n = strcspn(module, " \t");
	const char *rest = next_word(module);

	if (!verb || !p[verb])
		return false;
	if (text_starts(p, "alias "))
		return *rest && !*next_word(rest) &&
			(text_starts(module, "pci:") || text_equal(rest, "off"));
	if (!is_module(module, n))
		return false;
	if (text_starts(p, "blacklist ") || text_starts(p, "blacklist\t"))
		return !*rest || *rest == '#';
	if (text_starts(p, "options "))
		return has_assignment(rest);
	if (text_starts(p, "softdep "))
		return strstr(rest, "pre:") || strstr(rest, "post:");
	return (text_starts(p, "install ") || text_starts(p, "remove ")) &&
		is_command(rest);
}

static bool is_listed(const char *text)
{
	char word[40];
	size_t n = strcspn(text, " \t#");

	if (n == 0 || n >= sizeof word ||
		(text[n] && text[n + strspn(text + n, " \t")] &&
			text[n + strspn(text + n, " \t")] != '#'))
		return false;
	memcpy(word, text, n);
	word[n] = '\0';
	return text_is_among(word, listed, sizeof listed / sizeof listed[0]);
}

/* A list needs two names that are known; others may stand between. */
static size_t list_take(const struct paste_line *v, size_t n)
{
	size_t taken = 1;

	if (!is_listed(v->text))
		return 0;
	for (size_t i = 1; i < n && (is_listed(v[i].text) || *v[i].text == '#'); i++)
		if (*v[i].text != '#')
			taken = i + 1;
	return taken > 1 ? taken : 0;
}

static size_t directives_take(const struct paste_line *v, size_t n)
{
	size_t taken = 1;

	if (!is_directive(v->text + (*v->text == '#')))
		return 0;
	for (size_t i = 1; i < n && !v[i].fence; i++) {
		if (is_directive(v[i].text + (*v[i].text == '#')))
			taken = i + 1;
		else if (v[i].n && *v[i].text != '#')
			break;
	}
	return taken;
}

static size_t modprobe_take(const struct import *im, const struct paste_line *v, size_t n)
{
	size_t taken = directives_take(v, n);

	(void)im;
	return taken ? taken : list_take(v, n);
}

static void modprobe_read(struct import *im, const struct paste_line *v, size_t n)
{
	bool list = !directives_take(v, n);

	import_file(im, list ? list_path : lines_path, import_lines(im, v, n));
	import_source(im, SOURCE_MODPROBE, false);
}

const struct format format_modprobe = {
	.name = "modprobe",
	.title = "module settings",
	.take = modprobe_take,
	.read = modprobe_read,
};
