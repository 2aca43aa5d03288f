// SPDX-License-Identifier: GPL-2.0-or-later
// What the text of a link in /sys/class says about the devices above.
#include "collect/syspath.h"

#include <string.h>

#include "base/bdf.h"
#include "base/text.h"

/* `0000:01:00.0`; the short form without a domain is no name in sysfs. */
static bool is_address(const char *name)
{
	const char *colon = strchr(name, ':');
	struct bdf b;

	return colon && strchr(colon + 1, ':') && bdf_parse(name, &b);
}

/* `pci0000:00`: the directory of a host bridge's root bus. */
static bool is_root_bus(const char *name)
{
	return text_starts(name, "pci") && hex_digit(name[3]) >= 0 && strchr(name, ':');
}

const char *syspath_pci(struct arena *a, const char *link)
{
	size_t n;
	char **names = text_split(a, link, "/", &n);

	while (n-- > 0)
		if (is_address(names[n]))
			return names[n];
	return NULL;
}

static void add_once(struct snapshot *s, struct snap_texts *list, const char *address)
{
	snap_list_collected(list);
	if (!text_is_among(address, list->s, list->n))
		snap_texts_add(s, list, address);
}

size_t syspath_endpoints(struct snapshot *s, const char *link, struct snap_texts *list)
{
	size_t n, found = 0;
	char **names = text_split(s->arena, link, "/", &n);
	const char *nearest = NULL;

	for (size_t i = 0; i <= n; i++) {
		if (nearest && (i == n || is_root_bus(names[i]))) {
			add_once(s, list, nearest);
			found++;
			nearest = NULL;
		}
		if (i < n && is_address(names[i]))
			nearest = names[i];
	}
	return found;
}

const char *syspath_parent(struct arena *a, const char *link, const char *class_dir)
{
	const char *devices = strstr(link, "devices/");
	const char *mark = arena_printf(a, "/%s/", class_dir);
	const char *end = NULL;

	if (!devices)
		return NULL;
	for (const char *p = devices; (p = strstr(p, mark)); p++)
		end = p;
	if (!end)
		return NULL;
	return arena_printf(a, "sys/%.*s", (int)(end - devices), devices);
}

bool syspath_virtual(const char *link)
{
	return strstr(link, "devices/virtual/") != NULL;
}
