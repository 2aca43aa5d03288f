// SPDX-License-Identifier: GPL-2.0-or-later
// Which kernel runs: uname, /proc/version, and the lines of programs that describe a system.
#include <string.h>

#include "base/text.h"
#include "import/format.h"
#include "import/klog_text.h"

/* A release, `6.8.0-45-generic`, `5.4.0`, at P; its length, 0: none. It has two points, or
 * one and a dash: `6.1` alone is what people say. */
static size_t release_at(const char *p)
{
	size_t n = strspn(
		p, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-~");
	size_t major = strspn(p, "0123456789");
	size_t minor = p[major] == '.' ? strspn(p + major + 1, "0123456789") : 0;
	const char *rest = p + major + 1 + minor;

	while (n && strchr(".-", p[n - 1]))
		n--;
	if (!major || major > 2 || !minor || minor > 3 || n > 80)
		return 0;
	if (*rest == '.')
		return rest[1] >= '0' && rest[1] <= '9' ? n : 0;
	return *rest == '-' && n > major + minor + 2 ? n : 0;
}

/* `Linux HOST 6.8.0-45-generic #45-Ubuntu SMP … x86_64 GNU/Linux`, as of `uname -a`. */
static const char *find_in_uname(const char *text)
{
	if (!text_starts(text, "Linux ") || text_starts(text, "Linux version "))
		return NULL;
	const char *host = text + strlen("Linux ");
	const char *release = host + strcspn(host, " ");
	release += *release == ' ';
	size_t n = release_at(release);
	return n && text_starts(release + n, " #") ? release : NULL;
}

/* Is the word `kernel` at P, in any case? */
static bool is_kernel_word(const char *p)
{
	static const char word[] = "kernel";

	for (size_t i = 0; word[i]; i++)
		if ((p[i] | 0x20) != word[i])
			return false;
	return true;
}

/* Does TEXT up to END introduce the host's kernel: nothing, bullets, `Host`, `Linux`, the name
 * of the system, inxi's first words? A sentence does not. */
static bool is_introduction(const char *text, const char *end)
{
	static const char *const starts[] = { "System:", "OS:", "Host OS:", "Host:" };

	text += strspn(text, " \t*-.>#");
	for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
		if (text_starts(text, starts[i]))
			return true;
	if (text_starts(text, "Host ") || text_starts(text, "host "))
		text += strlen("host ");
	if (text_starts(text, "Linux ") || text_starts(text, "linux "))
		text += strlen("linux ");
	return text >= end;
}

/* Behind `kernel` and what follows it: `: `, ` Version: Linux `, ` - `, `: x86_64 Linux `. */
static const char *skip_label(const char *p)
{
	static const char *const words[] = { "version", "Version", "VERSION", "release",
		"Release", "Linux", "x86_64", "is" };
	bool any = true;

	while (any) {
		p += strspn(p, " \t:*-=`|");
		any = false;
		for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
			if (text_starts(p, words[i])) {
				p += strlen(words[i]);
				any = true;
			}
	}
	return p;
}

/* Behind the words with which other programs, and people in a list of what they have,
 * introduce it; libvirt's line at the start of a guest, pveversion. */
static const char *find_behind_label(const char *text)
{
	static const char running[] = "(running kernel: ";
	const char *p = strstr(text, running);

	if (p && release_at(p + strlen(running)))
		return p + strlen(running);
	if (strstr(text, "libvirt version: ") && (p = strstr(text, ", kernel: ")))
		return release_at(p + strlen(", kernel: ")) ? p + strlen(", kernel: ")
							    : NULL;
	for (p = text; *p && p - text < 100; p++) {
		if ((p > text && p[-1] != ' ' && p[-1] != '*' && p[-1] != '\t') ||
			!is_kernel_word(p))
			continue;
		const char *value = skip_label(p + strlen("kernel"));
		return is_introduction(text, p) && value > p + strlen("kernel") &&
				release_at(value)
			? value
			: NULL;
	}
	return NULL;
}

static bool is_uname_command(const struct import *im)
{
	return im->fresh && im->command.text && text_starts(im->command.text, "uname");
}

/* `Linux version 6.8.0 (…) #45 SMP …`, which the kernel log begins with as well. */
static bool is_proc_version(const struct import *im, const struct paste_line *v, size_t n)
{
	if (!klog_is_banner(v->text))
		return false;
	return (im->fresh && text_equal(im->command.file, "/proc/version")) || n < 2 ||
		!v[1].n;
}

/* Where the release stands in the line, NULL: it names none. */
static const char *find_release(
	const struct import *im, const struct paste_line *v, size_t n)
{
	const char *found;

	if (is_proc_version(im, v, n))
		return v->text + strlen("Linux version ");
	if ((found = find_in_uname(v->text)) || (found = find_behind_label(v->text)))
		return found;
	if (is_uname_command(im) && release_at(v->text) && release_at(v->text) == v->n)
		return v->text;
	return NULL;
}

static size_t uname_take(const struct import *im, const struct paste_line *v, size_t n)
{
	return find_release(im, v, n) ? 1 : 0;
}

/* A word for the machine among those behind the release. */
static const char *find_machine(const char *text)
{
	static const char *const machines[] = { "x86_64", "i686", "aarch64" };

	for (size_t i = 0; i < sizeof machines / sizeof machines[0]; i++) {
		const char *at = strstr(text, machines[i]);
		if (at && at > text && (at[-1] == ' ' || at[-1] == ':'))
			return machines[i];
	}
	return NULL;
}

static void uname_read(struct import *im, const struct paste_line *v, size_t n)
{
	struct snap_kernel *k = &im->snap->kernel;
	const char *release = find_release(im, v, n), *machine;

	if (k->release.have == HAVE_NOT)
		k->release = snap_line_of(im->snap,
			arena_strndup(im->scratch, release, release_at(release)));
	if (is_proc_version(im, v, n) && k->version.have == HAVE_NOT)
		k->version = snap_line_of(im->snap, v->text);
	machine = find_in_uname(v->text) ? find_machine(release) : NULL;
	if (machine && k->machine.have == HAVE_NOT)
		k->machine = snap_text_of(im->snap, machine);
}

/* The source has two halves; the other one is read by format_cmdline. */
static void uname_finish(struct import *im)
{
	const struct snap_kernel *k = &im->snap->kernel;
	bool release = k->release.have == HAVE_VALUE,
	     words = k->cmdline.have == HAVE_VALUE;

	if (release || words)
		import_source(im, SOURCE_KERNEL, release && words);
}

const struct format format_uname = {
	.name = "kernel",
	.title = "version of the kernel",
	.take = uname_take,
	.read = uname_read,
	.finish = uname_finish,
};
