// SPDX-License-Identifier: GPL-2.0-or-later
// What tests of the host's disks, routes and keyboards share.
#ifndef TESTS_UNIT_USES_TREE_H
#define TESTS_UNIT_USES_TREE_H

#include "collect/sources.h"
#include "tree.h"

#define PORT "../../devices/pci0000:00/0000:00:01.2/"

#define ROUTE_HEAD                                                                       \
	"Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT\n"

static const struct collect_options no_options;

/* `WHAT THROUGH: DEVICE DEVICE`, `?` not collected, `-` none; one line a use. */
static inline void uses_are(const struct env *e, const char *want)
{
	char got[2048] = "";
	size_t n = 0;

	for (size_t i = 0; i < e->s->uses.n; i++) {
		const struct snap_use *u = &e->s->uses.v[i];
		n += (size_t)snprintf(got + n, sizeof got - n, "%s [%s]", u->what,
			u->through.s ? u->through.s : "");
		if (u->devices.have != HAVE_VALUE)
			n += (size_t)snprintf(got + n, sizeof got - n,
				u->devices.have == HAVE_NONE ? " -" : " ?");
		for (size_t d = 0; d < u->devices.n; d++)
			n += (size_t)snprintf(
				got + n, sizeof got - n, " %s", u->devices.s[d]);
		n += (size_t)snprintf(got + n, sizeof got - n, "\n");
	}
	is_str(got, want);
}

#endif
