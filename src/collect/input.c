// SPDX-License-Identifier: GPL-2.0-or-later
// Keyboards, and the USB controllers they hang on.
#include <string.h>

#include "base/text.h"
#include "collect/syspath.h"
#include "collect/uses.h"

/* The last of the hexadecimal words that a capability bitmap is printed as: bits 0 to 31
 * and more (drivers/input/input.c, input_bits_to_string()). */
static uint64_t lowest_word(const char *bits)
{
	const char *p = strrchr(bits, ' ');
	uint64_t v = 0;

	for (p = p ? p + 1 : bits; hex_digit(*p) >= 0; p++)
		v = v << 4 | (unsigned)hex_digit(*p);
	return v;
}

/* udev's rule (udev-builtin-input_id.c): keys 1 to 31, Esc to S, are all there. */
static bool is_keyboard(struct snapshot *s, const struct root *r, const char *path)
{
	const uint64_t letters = 0xfffffffe, ev_key = 1 << 1;
	const char *ev = snap_str(
		root_read_attr(r, s, arena_printf(s->arena, "%s/capabilities/ev", path)));
	const char *key = snap_str(root_read_attr(
		r, s, arena_printf(s->arena, "%s/capabilities/key", path)));

	return ev && key && (lowest_word(ev) & ev_key) &&
		(lowest_word(key) & letters) == letters;
}

/* The one Bluetooth adapter of the host; of several nobody tells which one it is. */
static bool bluetooth_devices(
	struct snapshot *s, const struct root *r, struct snap_texts *devices)
{
	const char *adapter = NULL, *link;
	char **names;
	size_t n;

	if (root_list(r, s->arena, "sys/class/bluetooth", &names, &n) != STATUS_OK)
		return false;
	for (size_t i = 0; i < n; i++) {
		/* hci0:11 is a connection of hci0 */
		if (!text_starts(names[i], "hci") || strchr(names[i], ':'))
			continue;
		if (adapter)
			return false;
		adapter = names[i];
	}
	link = adapter
		? snap_str(root_read_link(r, s,
			  arena_printf(s->arena, "sys/class/bluetooth/%s", adapter)))
		: NULL;
	if (!link || syspath_virtual(link))
		return false;
	syspath_endpoints(s, link, devices);
	return true;
}

static void input_add(struct snapshot *s, const struct root *r, const char *path)
{
	const char *link = snap_str(root_read_link(r, s, path));
	struct snap_texts devices = { 0 };
	bool unknown = false;

	if (!link || !is_keyboard(s, r, path))
		return;
	/* BlueZ brings keyboards in through /dev/uhid: they hang on no adapter in sysfs.
	 * Bus 5 is Bluetooth (include/uapi/linux/input.h); what else is virtual is made
	 * by a program that remaps keys */
	bool bluetooth = strstr(link, "/uhid/0005:") != NULL;
	if (syspath_virtual(link) && !bluetooth)
		return;
	const char *name =
		snap_str(root_read_attr(r, s, arena_printf(s->arena, "%s/name", path)));
	if (bluetooth)
		unknown = !bluetooth_devices(s, r, &devices);
	else
		syspath_endpoints(s, link, &devices);
	/* The name of one that is carried around may be its owner's */
	use_add(s, "keyboard", bluetooth ? "Bluetooth" : name, &devices, unknown);
}

void collect_input(struct snapshot *s, const struct root *r)
{
	char **names;
	size_t n;
	enum source_status status = root_list(r, s->arena, "sys/class/input", &names, &n);

	snapshot_set_status(s, SOURCE_INPUT, status,
		status == STATUS_OK ? NULL : "no list of /sys/class/input");
	if (status != STATUS_OK)
		return;
	for (size_t i = 0; i < n; i++)
		if (text_starts(names[i], "input"))
			input_add(s, r,
				arena_printf(s->arena, "sys/class/input/%s", names[i]));
}
