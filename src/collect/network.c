// SPDX-License-Identifier: GPL-2.0-or-later
// The default route: its interface, and the devices below it.
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "collect/syspath.h"
#include "collect/uses.h"

enum {
	RTF_UP_BIT = 0x1,
	RTF_REJECT_BIT = 0x200, /* include/uapi/linux/route.h */
	MAX_DEPTH = 6,          /* vlan on bridge on bond on … */
};

struct route {
	const char *interface;
	uint64_t metric;
	size_t order; /* line, to keep equal metrics as the kernel lists them */
};

struct routes {
	struct route *v;
	size_t n;
};

static uint64_t hex_of(const char *s)
{
	uint64_t v = 0;

	for (; hex_digit(*s) >= 0; s++)
		v = v << 4 | (unsigned)hex_digit(*s);
	return v;
}

/* Iface Destination Gateway Flags RefCnt Use Metric Mask …, metric in decimal */
static bool route4_parse(char **word, size_t n, struct route *ret)
{
	if (n < 8 || hex_of(word[1]) || hex_of(word[7]) ||
		!text_to_u64(word[6], &ret->metric))
		return false;
	uint64_t flags = hex_of(word[3]);
	ret->interface = word[0];
	return (flags & RTF_UP_BIT) && !(flags & RTF_REJECT_BIT);
}

/* destination length source length next-hop metric refcount use flags interface, all
 * numbers hexadecimal (net/ipv6/route.c, rt6_info_route()) */
static bool route6_parse(char **word, size_t n, struct route *ret)
{
	static const char any[] = "00000000000000000000000000000000";

	if (n < 10 || !text_equal(word[0], any) || hex_of(word[1]) || hex_of(word[3]))
		return false;
	uint64_t flags = hex_of(word[8]);
	ret->metric = hex_of(word[5]);
	ret->interface = word[9];
	return (flags & RTF_UP_BIT) && !(flags & RTF_REJECT_BIT) &&
		!text_equal(ret->interface, "lo");
}

static int route_compare(const void *a, const void *b)
{
	const struct route *x = a, *y = b;

	if (x->metric != y->metric)
		return x->metric < y->metric ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

/* The default routes of one family, the one in use first. */
static enum source_status routes_read(struct snapshot *s, const struct root *r,
	const char *path, bool parse(char **, size_t, struct route *), struct routes *ret)
{
	struct root_bytes got = root_read(r, s->arena, path, ROOT_LARGE);
	size_t n_lines;

	if (got.status != STATUS_OK)
		return got.status;
	char **lines = text_lines(s->arena, (char *)got.p, &n_lines);
	for (size_t i = 0; i < n_lines; i++) {
		struct route route = { .order = i };
		size_t n;
		char **words = text_split(s->arena, lines[i], " \t", &n);
		if (parse(words, n, &route))
			*arena_push(s->arena, ret->v, ret->n) = route;
	}
	if (ret->n)
		qsort(ret->v, ret->n, sizeof *ret->v, route_compare);
	return STATUS_OK;
}

/* Adds the devices below an interface; false if no hardware was found at its bottom. */
static bool interface_devices(struct snapshot *s, const struct root *r, const char *name,
	int depth, struct snap_texts *devices)
{
	const char *path = arena_printf(s->arena, "sys/class/net/%s", name);
	const char *link =
		strchr(name, '/') ? NULL : snap_str(root_read_link(r, s, path));
	char **names;
	size_t n = 0;
	bool found = false;

	if (!link || depth >= MAX_DEPTH)
		return false;
	if (!syspath_virtual(link)) {
		syspath_endpoints(s, link, devices);
		return true;
	}
	/* Bridges, bonds, teams and VLANs link what lies below as lower_NAME. Taps of
	 * virtual machines among them have nothing below and do not count. */
	if (root_list(r, s->arena, path, &names, &n) != STATUS_OK)
		return false;
	for (size_t i = 0; i < n; i++)
		if (text_starts(names[i], "lower_"))
			found |= interface_devices(
				s, r, names[i] + strlen("lower_"), depth + 1, devices);
	return found;
}

/* A tunnel's default route lies on top of another one: take the first with hardware. */
static void routes_use(
	struct snapshot *s, const struct root *r, const struct routes *routes)
{
	const struct snap_texts none = { 0 };

	for (size_t i = 0; i < routes->n; i++) {
		struct snap_texts devices = { 0 };
		if (!interface_devices(s, r, routes->v[i].interface, 0, &devices))
			continue;
		use_add(s, "default route", routes->v[i].interface, &devices, false);
		return;
	}
	if (routes->n)
		use_add(s, "default route", routes->v[0].interface, &none, true);
}

void collect_network(struct snapshot *s, const struct root *r)
{
	struct routes four = { 0 }, six = { 0 };
	enum source_status status4 =
		routes_read(s, r, "proc/net/route", route4_parse, &four);
	enum source_status status6 =
		routes_read(s, r, "proc/net/ipv6_route", route6_parse, &six);

	/* IPv6 may be switched off, and was not copied into every tree */
	if (status4 != STATUS_OK && status6 != STATUS_OK) {
		snapshot_set_status(s, SOURCE_NETWORK, status4, "no /proc/net/route");
		return;
	}
	snapshot_set_status(s, SOURCE_NETWORK, STATUS_OK, NULL);
	const struct routes *first = four.n ? &four : &six;
	s->host.default_route = snap_line_of(s, first->n ? first->v[0].interface : NULL);
	routes_use(s, r, &four);
	routes_use(s, r, &six);
}
