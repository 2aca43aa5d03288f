// SPDX-License-Identifier: GPL-2.0-or-later
// Functions as lshw prints them: a node, and below it a property a line (print() of
// src/core/print.cc of lshw).
#include <string.h>

#include "import/lspci.h"

/* A node while it is read; NULL: not shown. */
struct node {
	const char *class, *product, *vendor, *version;
	struct bdf bdf;
	bool has_address;
	const char *driver;
	bool unclaimed;  /* `*-display UNCLAIMED`: no driver */
	bool configured; /* the line that names the driver was shown */
};

/* Behind `*-`; NULL: no node. */
static const char *node_at(const char *text)
{
	text += strspn(text, " \t|");
	if (text[0] != '*' || text[1] != '-' || text[2] < 'a' || text[2] > 'z')
		return NULL;
	return text + 2;
}

/* Value of property KEY; NULL: the line has another one. */
static const char *value_of(const char *text, const char *key)
{
	size_t n = strlen(key);

	text += strspn(text, " \t|");
	if (strncmp(text, key, n) != 0 || text[n] != ':' || text[n + 1] != ' ')
		return NULL;
	return text + n + 1 + strspn(text + n + 1, " ");
}

static bool is_property(const char *text)
{
	static const char *const keys[] = { "description", "product", "vendor",
		"physical id", "bus info", "logical name", "version", "date", "serial",
		"slot", "size", "capacity", "width", "clock", "capabilities",
		"configuration", "resources" };

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		if (value_of(text, keys[i]))
			return true;
	}
	return false;
}

static size_t lshw_take(const struct import *im, const struct paste_line *v, size_t n)
{
	size_t taken = 1;

	(void)im;
	if (!node_at(v->text) || n < 2 || !is_property(v[1].text))
		return 0;
	while (taken < n && (node_at(v[taken].text) || is_property(v[taken].text)))
		taken++;
	return taken;
}

static void configuration_read(struct import *im, struct node *node, const char *text)
{
	static const char key[] = "driver=";
	const char *p = strstr(text, key);

	node->configured = true;
	if (p && (p == text || p[-1] == ' '))
		node->driver = arena_strndup(im->scratch, p + sizeof key - 1,
			strcspn(p + sizeof key - 1, " "));
}

static void property_read(struct import *im, struct node *node, const char *text)
{
	static const char bus[] = "pci@";
	const char *value;

	if ((value = value_of(text, "description")))
		node->class = value;
	else if ((value = value_of(text, "product")))
		node->product = value;
	else if ((value = value_of(text, "vendor")))
		node->vendor = value;
	else if ((value = value_of(text, "version")))
		node->version = value;
	else if ((value = value_of(text, "configuration")))
		configuration_read(im, node, value);
	else if ((value = value_of(text, "bus info")) && text_starts(value, bus))
		node->has_address =
			import_address(value + sizeof bus - 1, &node->bdf) > 0;
}

/* The line that lspci would print. With -numeric the maker's number stands twice. */
static const char *line_of(struct import *im, const struct node *node)
{
	struct lspci_part vendor = { node->vendor,
		node->vendor ? strlen(node->vendor) : 0 };

	if (!node->class || !vendor.n || !node->product)
		return NULL;
	lspci_number_cut(&vendor);
	return arena_printf(im->scratch, "%s: %.*s %s%s%s%s", node->class, (int)vendor.n,
		vendor.n ? vendor.s : "", node->product, node->version ? " (rev " : "",
		node->version ? node->version : "", node->version ? ")" : "");
}

static void node_store(struct import *im, const struct node *node)
{
	const char *line;

	if (!node->has_address)
		return;
	line = line_of(im, node);
	if (line && lspci_is_of_another(im, node->bdf, line)) {
		im->remark = IMPORT_LEFT_OUT_PART;
		return;
	}
	struct snap_pci *fn = import_function(im, node->bdf);
	im->pci_part = true;
	if (line)
		lspci_head_read(im, fn, line);
	if (fn->driver.have != HAVE_NOT || !node->configured)
		return;
	if (node->driver)
		fn->driver = snap_line_of(im->snap, node->driver);
	else if (node->unclaimed)
		fn->driver = snap_text_none();
}

static void lshw_read(struct import *im, const struct paste_line *v, size_t n)
{
	struct node node = { 0 };

	for (size_t i = 0; i < n; i++) {
		const char *name = node_at(v[i].text);

		if (!name) {
			property_read(im, &node, v[i].text);
			continue;
		}
		node_store(im, &node);
		node = (struct node){ .unclaimed = text_ends(name, " UNCLAIMED") };
	}
	node_store(im, &node);
}

const struct format format_lshw = {
	.name = "lshw",
	.title = "devices, from lshw",
	.take = lshw_take,
	.read = lshw_read,
	.finish = NULL,
};
