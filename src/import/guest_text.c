// SPDX-License-Identifier: GPL-2.0-or-later
// Of files that describe guests: the lines that name PCI functions, and nothing private.
#include "import/guest_text.h"

#include <string.h>

#include "base/text.h"

static bool is_word(const char *s, size_t n, const char *word)
{
	return strlen(word) == n && !memcmp(s, word, n);
}

/* Does the tag TEXT of N bytes contain WORD? */
static bool tag_has(struct arena *a, const char *text, size_t n, const char *word)
{
	return strstr(arena_strndup(a, text, n), word) != NULL;
}

struct xml {
	struct arena *arena;
	struct strbuf out;
	bool in_hostdev;
};

/* One tag without its brackets. */
static void xml_tag(struct xml *x, const char *text, size_t n)
{
	static const char *const kept[] = { "source", "/source", "address", "driver" };
	size_t n_name = strcspn(text, " \t\r\n>");
	bool keep = false;

	if (n_name > n)
		n_name = n;
	if (n_name > 1 && n_name == n && text[n - 1] == '/')
		n_name--;
	/* An <interface type='hostdev'> is a virtual function of a network card */
	if (is_word(text, n_name, "hostdev") || is_word(text, n_name, "interface")) {
		const char *type = *text == 'h' ? "pci" : "hostdev";

		x->in_hostdev = tag_has(x->arena, text, n,
					arena_printf(x->arena, "type='%s'", type)) ||
			tag_has(x->arena, text, n,
				arena_printf(x->arena, "type=\"%s\"", type));
		keep = x->in_hostdev;
	} else if (is_word(text, n_name, "/hostdev") ||
		is_word(text, n_name, "/interface")) {
		keep = x->in_hostdev;
		x->in_hostdev = false;
	} else if (is_word(text, n_name, "type")) {
		keep = !x->in_hostdev && tag_has(x->arena, text, n, "machine=");
	}
	for (size_t i = 0; x->in_hostdev && i < sizeof kept / sizeof kept[0]; i++)
		keep |= is_word(text, n_name, kept[i]);
	if (keep)
		strbuf_addf(&x->out, "<%.*s>", (int)n, text);
	else
		for (size_t i = 0; i < n; i++)
			if (text[i] == '\n')
				strbuf_add_char(&x->out, '\n');
}

char *guest_text_libvirt(struct arena *a, const char *text)
{
	struct xml x = { .arena = a };

	strbuf_add(&x.out, "");
	for (const char *p = text; *p;) {
		const char *end;

		if (text_starts(p, "<!--")) {
			end = strstr(p, "-->");
			end = end ? end + 3 : p + strlen(p);
			for (; p < end; p++)
				if (*p == '\n')
					strbuf_add_char(&x.out, '\n');
			continue;
		}
		if (*p == '<') {
			size_t n = strcspn(p + 1, ">");

			xml_tag(&x, p + 1, n);
			p += 1 + n + (p[1 + n] == '>');
			continue;
		}
		if (*p == '\n')
			strbuf_add_char(&x.out, '\n');
		p++;
	}
	return strbuf_finish(&x.out, a);
}

/* `0000:02:00.0`, or `pci_0000_02_00_0` as virsh wants it. Its length, 0 if P does not
 * begin with one. */
static size_t address_length(const char *p)
{
	static const char shape[] = "xxxx:xx:xx.x";
	bool virsh = text_starts(p, "pci_");
	size_t at = virsh ? 4 : 0;

	for (size_t i = 0; shape[i]; i++, at++) {
		if (shape[i] == 'x' ? hex_digit(p[at]) < 0
				    : p[at] != (virsh ? '_' : shape[i]))
			return 0;
	}
	return hex_digit(p[at]) < 0 ? at : 0;
}

char *guest_text_hooks(struct arena *a, const char *text)
{
	struct strbuf out = { 0 };
	bool comment = false, blank = true;

	strbuf_add(&out, "");
	for (const char *p = text; *p;) {
		size_t n = comment ? 0 : address_length(p);

		if (n) {
			strbuf_addf(&out, "%.*s ", (int)n, p);
			p += n;
			continue;
		}
		comment |= *p == '#' && blank;
		blank = *p == '\n' || (blank && text_is_space(*p));
		if (*p == '\n') {
			comment = false;
			strbuf_add_char(&out, '\n');
		}
		p++;
	}
	return strbuf_finish(&out, a);
}

char *guest_text_proxmox(struct arena *a, const char *text)
{
	struct strbuf out = { 0 };

	strbuf_add(&out, "");
	for (const char *p = text; *p && *p != '[';) {
		size_t n = strcspn(p, "\n");

		if (text_starts(p, "hostpci") || text_starts(p, "machine:"))
			strbuf_add_mem(&out, p, n);
		p += n;
		if (*p == '\n')
			strbuf_add_char(&out, *p++);
	}
	return strbuf_finish(&out, a);
}

/* The properties of `id=10de:2204,node=pve,path=0000:01:00` that are kept. */
static void mapping_line(struct strbuf *out, const char *p, size_t n)
{
	const char *before = "\tmap ";

	for (size_t at = 0; at < n;) {
		size_t len = strcspn(p + at, ",\n");

		if (text_starts(p + at, "id=") || text_starts(p + at, "path=")) {
			strbuf_addf(out, "%s%.*s", before, (int)len, p + at);
			before = ",";
		}
		at += len + 1;
	}
}

char *guest_text_mapping(struct arena *a, const char *text)
{
	struct strbuf out = { 0 };

	strbuf_add(&out, "");
	for (const char *p = text; *p;) {
		size_t n = strcspn(p, "\n"), indent = strspn(p, " \t");

		if (!indent && *p != '#')
			strbuf_add_mem(&out, p, n); /* the name that guests use */
		else if (indent < n && text_starts(p + indent, "map "))
			mapping_line(&out, p + indent + 4, n - indent - 4);
		p += n;
		if (*p == '\n')
			strbuf_add_char(&out, *p++);
	}
	return strbuf_finish(&out, a);
}
