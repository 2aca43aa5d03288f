// SPDX-License-Identifier: GPL-2.0-or-later
// What QEMU, libvirt, Proxmox VE and a guest complained about: the question of a post.
#include <stdlib.h>
#include <string.h>

#include "import/format.h"
#include "import/message_words.h"

enum {
	MAX_MESSAGES = 256,
	LONGEST = 300, /* of one message: a person reads it */
	WRAP_LEAST = 60,
	TAIL = 120, /* what is looked at behind a line break */
};

/* A message found in a text, which is one line or two that were one. */
struct found {
	const char *text; /* where it stands */
	size_t start;
	const struct message_words *words;
};

/* Cheap: most lines have nothing to do with any of the messages. */
static bool may_hold_one(const char *line)
{
	static const char *const marks[] = { "vfio", "VFIO", "IOMMU", "iommu_group",
		"PCI device", "pci device", "eset", "KVM", "kvm", "ode 43", "rror 43",
		"ode 12)", "group ", "isplay", "option ROM", "device rom", "stuck in D3",
		"config space", "legacy mode", "OpRegion", "memory", "passthrough",
		"dma_map", "DMA map", "caching-mode", "PCI header", "bus/pci", "mmap",
		"lacking ACS", "TRIGGER", "INTx", "MSIX", "msix", "timeout", "container",
		"pci backend", "PCI stub", "iommuGroup", "bind file", "Module " };

	for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
		if (strstr(line, marks[i]))
			return true;
	return false;
}

/* Is the complaint of the words at AT over, or that of others? */
static bool is_denied(const char *line, const char *at)
{
	static const char *const words[] = { "no ", "not ", "avoid", "without", "fix",
		"solve", "prevent", "hide", "against", "workaround", "longer", "gone" };

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		const char *p = strstr(line, words[i]);

		if (p && p < at)
			return true;
	}
	return false;
}

/* The last place of WORD in LINE before END, NULL: none. */
static const char *last_before(const char *line, const char *end, const char *word)
{
	const char *last = NULL;

	for (const char *p = line; (p = strstr(p, word)) && p < end; p++)
		last = p;
	return last;
}

/*
 * Where QEMU's message begins: `vfio 0000:01:00.0: ` since 3.1, `vfio error: ADDRESS: `
 * before; up to 2.8 `vfio: ` only, and the option that it is about stands before.
 */
static const char *qemu_head(const char *line, const char *end)
{
	static const char *const addressed[] = { "vfio ", "vfio error: " };
	static const char *const heads[] = {
		"-device vfio-pci,host=", "vfio_err_notifier_handler(", "vfio: "
	};
	const char *p, *after;
	struct bdf b;

	for (size_t i = 0; i < sizeof addressed / sizeof addressed[0]; i++) {
		p = last_before(line, end, addressed[i]);
		if (p && bdf_scan(p + strlen(addressed[i]), &b, &after))
			return p;
	}
	for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
		if ((p = last_before(line, end, heads[i])))
			return p;
	return NULL;
}

static const char *word_start(const char *line, const char *p)
{
	while (p > line && (p[-1] == '_' || text_is_letter(p[-1])))
		p--;
	return p;
}

static bool find_in(const char *line, struct found *ret)
{
	const char *first = NULL;

	for (size_t i = 0; i < message_words_length; i++) {
		const struct message_words *w = &message_words[i];
		const char *at = strstr(line, w->text), *from;

		if (!at || (first && at >= first) || (w->as && is_denied(line, at)))
			continue;
		from = qemu_head(line, at);
		if (!from && w->from)
			from = last_before(line, at + 1, w->from);
		/* `is already in use` alone is said of many things */
		if (!from && w->from)
			continue;
		first = at;
		*ret = (struct found){ .text = line,
			.start = (size_t)(word_start(line, from ? from : at) - line),
			.words = w };
	}
	return first != NULL;
}

/* Did a program break LINE at its last column? Then the message may go on in the next. */
static bool may_be_wrapped(const struct paste_line *line)
{
	return line->n >= WRAP_LEAST && may_hold_one(line->text);
}

static const char *joined(
	struct arena *a, const struct paste_line *one, const struct paste_line *two)
{
	return arena_printf(a, "%s %.*s", one->text, TAIL, two->text);
}

/* Ends a sentence: what follows on the next line is another one. */
static bool is_whole(const char *line)
{
	static const char *const ends[] = { "Permission denied", "not permitted",
		"resource busy", "No such file or directory", "Invalid argument",
		"Cannot allocate memory", "Bad address", "No such device",
		"No space left on device", "is not viable", "vfio bus driver." };

	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
		if (strstr(line, ends[i]))
			return true;
	return text_ends(line, ".") || text_ends(line, ")");
}

/* Looks for a message that begins in V[0]; *RET_LINES says how many lines it has. */
static bool find(struct arena *a, const struct paste_line *v, size_t n, struct found *ret,
	size_t *ret_lines)
{
	bool two = n > 1 && v[1].n && may_be_wrapped(&v[0]);
	struct found next;

	*ret_lines = 1;
	if (!may_hold_one(v[0].text))
		return false;
	if (find_in(v[0].text, ret)) {
		/* The rest of a broken line tells why */
		if (two && !is_whole(v[0].text) && !find_in(v[1].text, &next) &&
			!strstr(v[1].text, "-device ") &&
			strchr("abcdefghijklmnopqrstuvwxyzPDNICO", v[1].text[0]) &&
			is_whole(v[1].text)) {
			*ret_lines = 2;
			return find_in(joined(a, &v[0], &v[1]), ret);
		}
		return true;
	}
	if (!two || find_in(v[1].text, &next) || !find_in(joined(a, &v[0], &v[1]), ret))
		return false;
	*ret_lines = 2;
	return true;
}

/* Characters of an address in `host=0000:01:00.0`. */
static size_t address_length(const char *p)
{
	size_t n = strspn(p, "0123456789abcdefABCDEF:.");

	while (n && p[n - 1] == ':')
		n--;
	return n;
}

/* What QEMU was told of the device is left out behind the address: paths, serials. */
static const char *without_options(struct arena *a, const char *text)
{
	static const char head[] = "-device vfio-pci,host=";
	const char *address, *end;

	if (!text_starts(text, head))
		return text;
	address = text + strlen(head);
	end = strstr(address, ": ");
	if (!end)
		return text;
	return arena_printf(
		a, "%s%.*s%s", head, (int)address_length(address), address, end);
}

/* Does the last quote of the text open nothing and close nothing? */
static bool is_odd_quote(const char *start, const char *end)
{
	size_t n = 0;

	for (const char *p = start; p < end; p++)
		n += *p == '\'' &&
			!(p > start && text_is_letter(p[-1]) && text_is_letter(p[1]));
	return n % 2;
}

/* Without what stood around it: quotes, the name of somebody's guest. */
static const char *message_of(struct arena *a, const struct found *f)
{
	const char *start = f->text + f->start, *end = start + strlen(start), *p;
	const char *words = strstr(start, f->words->text);
	char quote = f->start ? f->text[f->start - 1] : '\0';

	if (f->words->as)
		return f->words->as;
	if (f->words->until && words && (p = strstr(words, f->words->until)))
		end = p;
	if (quote && strchr("\"`(", quote) &&
		(p = strchr(start, quote == '(' ? ')' : quote)) && p < end)
		end = p;
	/* A line feed as JSON and Python print it */
	if ((p = strstr(start, "\\n")) && p < end)
		end = p;
	if (end - start > LONGEST)
		end = start + LONGEST;
	while (end > start && strchr("\"`", end[-1]))
		end--;
	if (end > start && end[-1] == '\'' && is_odd_quote(start, end))
		end--;
	return without_options(
		a, text_trim(a, arena_strndup(a, start, (size_t)(end - start))));
}

static size_t messages_take(const struct import *im, const struct paste_line *v, size_t n)
{
	struct arena *a;
	size_t taken = 0, lines;
	struct found found;

	(void)im;
	if (!may_hold_one(v[0].text))
		return 0;
	a = arena_new();
	while (taken < n && v[taken].n && find(a, v + taken, n - taken, &found, &lines))
		taken += lines;
	arena_free(a);
	return taken;
}

static void add(struct import *im, const char *message, const char *after)
{
	struct snap_texts *all = &im->snap->messages;

	for (size_t i = 0; i < all->n; i++)
		if (text_equal(all->s[i], message) || (after && strstr(all->s[i], after)))
			return;
	if (all->n < MAX_MESSAGES)
		snap_texts_add(im->snap, all, message);
}

static void messages_read(struct import *im, const struct paste_line *v, size_t n)
{
	struct found found;

	for (size_t i = 0, lines; i < n; i += lines)
		if (find(im->scratch, v + i, n - i, &found, &lines))
			add(im, message_of(im->scratch, &found), found.words->after);
}

/* The function that QEMU had in hand, behind one of its heads. */
static bool device_of(const char *message, struct bdf *ret)
{
	static const char *const heads[] = { "vfio ",
		"vfio error: ", "-device vfio-pci,host=" };

	for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
		if (text_starts(message, heads[i]) &&
			import_address(message + strlen(heads[i]), ret))
			return true;
	return false;
}

/* The number of its group, which QEMU has read from the link in /sys; -1: not said. */
static int64_t group_of(const char *message)
{
	static const char *const heads[] = { ": group ", "/dev/vfio/",
		"container for group ", "device from group ", "get group " };

	for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
		const char *p = strstr(message, heads[i]);
		size_t n = p ? strspn(p + strlen(heads[i]), "0123456789") : 0;

		if (n > 0 && n < 7)
			return strtol(p + strlen(heads[i]), NULL, 10);
	}
	return -1;
}

/*
 * One thing a message does prove: QEMU looks the device up before anything else
 * (vfio_device_get_name(): "no such host device"), so it is there, and in that group. A
 * whole list of the functions knows better.
 */
static void learn_device(struct import *im, const char *message)
{
	bool listed =
		im->pci_listed || snapshot_status(im->snap, SOURCE_PCI) == STATUS_OK;
	int64_t group = group_of(message);
	struct bdf address;

	if (!device_of(message, &address) || strstr(message, "no such host device"))
		return;
	if (!(listed ? import_known_function(im, address) : import_function(im, address)))
		return;
	if (group >= 0)
		import_group_member(im, group, address);
}

static void messages_finish(struct import *im)
{
	const struct snap_texts *all = &im->snap->messages;

	for (size_t i = 0; i < all->n; i++)
		learn_device(im, all->s[i]);
}

const struct format format_messages = {
	.name = "messages",
	.title = "error messages of QEMU, libvirt and others",
	.take = messages_take,
	.read = messages_read,
	.finish = messages_finish,
};
