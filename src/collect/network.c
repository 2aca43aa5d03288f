// SPDX-License-Identifier: GPL-2.0-or-later
// Routes: the interfaces of the default ones, and the devices below them.
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "collect/syspath.h"
#include "collect/uses.h"

enum {
	RTF_UP_BIT = 0x1,
	RTF_REJECT_BIT = 0x200, /* include/uapi/linux/route.h */
	MAX_DEPTH = 6,          /* vlan on bridge on bond on … */
	MAX_VISITS = 512,       /* interfaces looked at for one route */
};

struct route {
	const char *interface;
	uint64_t metric;
	uint64_t to, mask; /* IPv4: in network order, as the kernel prints them */
	size_t order;      /* line, to keep equal metrics as the kernel lists them */
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
	if (n < 8 || !text_to_u64(word[6], &ret->metric))
		return false;
	uint64_t flags = hex_of(word[3]);
	ret->interface = word[0];
	ret->to = hex_of(word[1]);
	ret->mask = hex_of(word[7]);
	return (flags & RTF_UP_BIT) && !(flags & RTF_REJECT_BIT);
}

static bool default4_parse(char **word, size_t n, struct route *ret)
{
	return route4_parse(word, n, ret) && !ret->to && !ret->mask;
}

/* destination length source length next-hop metric refcount use flags interface, all
 * numbers hexadecimal (net/ipv6/route.c, rt6_info_route()) */
static bool default6_parse(char **word, size_t n, struct route *ret)
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

/* The routes that PARSE takes, the one in use first. */
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

static const char *net_path(struct snapshot *s, const char *name)
{
	return arena_printf(s->arena, "sys/class/net/%s", name);
}

/* No cable in it, or switched off: what it could carry goes another way now. */
static bool is_down(struct snapshot *s, const struct root *r, const char *name)
{
	const char *state = snap_str(root_read_attr(
		r, s, arena_printf(s->arena, "%s/operstate", net_path(s, name))));

	return text_equal(state, "down") || text_equal(state, "lowerlayerdown") ||
		text_equal(state, "notpresent");
}

/* A walk down from one interface. */
struct walk {
	struct snapshot *s;
	const struct root *r;
	struct snap_texts *devices;
	size_t visits;
};

static bool interface_below(struct walk *w, const char *name, int depth);

/* Bridges, bonds, teams and VLANs link what lies below as lower_NAME. Taps of virtual
 * machines among them have nothing below and do not count, nor does a port that is down
 * beside one that is not. */
static bool lower_devices(struct walk *w, const char *name, int depth)
{
	char **names;
	size_t n = 0;
	bool found = false;

	if (root_list(w->r, w->s->arena, net_path(w->s, name), &names, &n) != STATUS_OK)
		return false;
	for (int down = 0; down < 2 && !found; down++)
		for (size_t i = 0; i < n; i++) {
			const char *lower = names[i] + strlen("lower_");
			if (text_starts(names[i], "lower_") &&
				is_down(w->s, w->r, lower) == down)
				found |= interface_below(w, lower, depth + 1);
		}
	return found;
}

/* Open vSwitch hangs the ports of all its bridges below one `ovs-system`
 * (net/openvswitch/vport-netdev.c), so that only a single card below it tells anything. */
static bool switch_devices(struct walk *w)
{
	struct snap_texts found = { 0 };
	struct walk below = { .s = w->s, .r = w->r, .devices = &found };

	if (!lower_devices(&below, "ovs-system", 0) || found.n != 1)
		return false;
	snap_texts_add(w->s, w->devices, found.s[0]);
	return true;
}

static bool interface_below(struct walk *w, const char *name, int depth)
{
	const char *link = strchr(name, '/')
		? NULL
		: snap_str(root_read_link(w->r, w->s, net_path(w->s, name)));

	if (!link || depth >= MAX_DEPTH || w->visits++ >= MAX_VISITS)
		return false;
	if (syspath_virtual(link))
		return lower_devices(w, name, depth);
	syspath_endpoints(w->s, link, w->devices);
	return true;
}

/* Adds the devices below an interface; false if no hardware was found at its bottom. */
static bool interface_devices(struct snapshot *s, const struct root *r, const char *name,
	struct snap_texts *devices)
{
	struct walk w = { .s = s, .r = r, .devices = devices };
	const char *link = snap_str(root_read_link(r, s, net_path(s, name)));

	return interface_below(&w, name, 0) ||
		(link && syspath_virtual(link) && switch_devices(&w));
}

/* Adds the default routes that end in hardware: a tunnel's lies on top of another one.
 * DOWN: also those through which nothing goes now. */
static bool routes_use(
	struct snapshot *s, const struct root *r, const struct routes *routes, bool down)
{
	bool found = false;

	for (size_t i = 0; i < routes->n; i++) {
		const char *name = routes->v[i].interface;
		struct snap_texts devices = { 0 };
		if ((!down && is_down(s, r, name)) ||
			!interface_devices(s, r, name, &devices))
			continue;
		use_add(s, "default route", name, &devices, false);
		found = true;
	}
	return found;
}

/* A default route in a table that /proc/net/route does not show (it shows the main one),
 * chosen by `ip rule`: fib_trie has all tables, but no interfaces (net/ipv4/fib_trie.c).
 */
static bool has_hidden_route(struct snapshot *s, const struct root *r)
{
	const char *text = root_read_text(r, s->arena, "proc/net/fib_trie", ROOT_LARGE);

	return text && strstr(text, "/0 universe UNICAST");
}

bool network_towards(struct snapshot *s, const struct root *r, const char *address,
	struct snap_texts *devices)
{
	struct routes routes = { 0 };
	const struct route *best = NULL;
	struct in_addr to;

	/* "[" and a port are IPv6's and a second connection's: not looked up */
	if (inet_pton(AF_INET, address, &to) != 1 ||
		routes_read(s, r, "proc/net/route", route4_parse, &routes) != STATUS_OK)
		return false;
	/* Sorted by metric; the longest mask wins */
	for (size_t i = 0; i < routes.n; i++) {
		const struct route *route = &routes.v[i];
		if ((to.s_addr & route->mask) == route->to &&
			(!best ||
				__builtin_popcountll(route->mask) >
					__builtin_popcountll(best->mask)))
			best = route;
	}
	return best && interface_devices(s, r, best->interface, devices);
}

void collect_network(struct snapshot *s, const struct root *r)
{
	const struct snap_texts none = { 0 };
	struct routes four = { 0 }, six = { 0 };
	enum source_status status4 =
		routes_read(s, r, "proc/net/route", default4_parse, &four);
	enum source_status status6 =
		routes_read(s, r, "proc/net/ipv6_route", default6_parse, &six);
	bool found = false;

	/* IPv6 may be switched off, and was not copied into every tree */
	if (status4 != STATUS_OK && status6 != STATUS_OK) {
		snapshot_set_status(s, SOURCE_NETWORK, status4, "no /proc/net/route");
		return;
	}
	snapshot_set_status(s, SOURCE_NETWORK, STATUS_OK, NULL);
	const struct routes *first = four.n ? &four : &six;
	s->host.default_route = snap_line_of(s, first->n ? first->v[0].interface : NULL);
	for (int down = 0; down < 2 && !found; down++) {
		found = routes_use(s, r, &four, down);
		found |= routes_use(s, r, &six, down);
	}
	if (!found && first->n)
		use_add(s, "default route", first->v[0].interface, &none, true);
	else if (!found && has_hidden_route(s, r))
		use_add(s, "default route", NULL, &none, true);
}
