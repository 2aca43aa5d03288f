// SPDX-License-Identifier: GPL-2.0-or-later
// The default routes and the keyboards of the host.
#include "uses_tree.h"

TEST(default_route_through_a_bridge)
{
	struct env e;

	setup(&e);
	tree_file(&e.t, "proc/net/route",
		ROUTE_HEAD
		"wlan0\t00000000\t010200C0\t0003\t0\t0\t600\t00000000\t0\t0\t0\n"
		"br0\t00000000\t010200C0\t0003\t0\t0\t425\t00000000\t0\t0\t0\n"
		"br0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n");
	tree_link(&e.t, "sys/class/net/br0", "../../devices/virtual/net/br0");
	tree_link(&e.t, "sys/class/net/tap0", "../../devices/virtual/net/tap0");
	tree_link(&e.t, "sys/class/net/eno1", PORT "0000:08:00.0/net/eno1");
	tree_dir(&e.t, "sys/devices");
	tree_dir(&e.t, "sys/devices/virtual");
	tree_dir(&e.t, "sys/devices/virtual/net");
	tree_dir(&e.t, "sys/devices/virtual/net/tap0");
	tree_link(&e.t, "sys/devices/virtual/net/br0/lower_eno1", "x");
	tree_link(&e.t, "sys/devices/virtual/net/br0/lower_tap0", "x");
	collect_uses(e.s, &e.r, &no_options);
	is_int(snapshot_status(e.s, SOURCE_NETWORK), STATUS_OK);
	is_str(snap_str(e.s->host.default_route), "br0");
	uses_are(&e, "default route [br0] 0000:08:00.0\n");
	teardown(&e);
}

TEST(tunnel_without_hardware)
{
	struct env e;

	setup(&e);
	tree_file(&e.t, "proc/net/route",
		ROUTE_HEAD
		"tun0\t00000000\t010200C0\t0003\t0\t0\t50\t00000000\t0\t0\t0\n");
	tree_link(&e.t, "sys/class/net/tun0", "../../devices/virtual/net/tun0");
	collect_uses(e.s, &e.r, &no_options);
	uses_are(&e, "default route [tun0] ?\n");
	teardown(&e);
}

static void default_routes(struct env *e, const char *a, const char *b)
{
	char text[512];

	snprintf(text, sizeof text,
		ROUTE_HEAD "%s\t00000000\t010200C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n"
			   "%s\t00000000\t010200C0\t0003\t0\t0\t600\t00000000\t0\t0\t0\n",
		a, b);
	tree_file(&e->t, "proc/net/route", text);
}

TEST(all_ways_out)
{
	struct env e;

	/* the tunnel lies on one of the others */
	setup(&e);
	default_routes(&e, "wg0", "eth0");
	tree_link(&e.t, "sys/class/net/wg0", "../../devices/virtual/net/wg0");
	tree_link(&e.t, "sys/class/net/eth0", PORT "0000:08:00.0/net/eth0");
	collect_uses(e.s, &e.r, &no_options);
	is_str(snap_str(e.s->host.default_route), "wg0");
	uses_are(&e, "default route [eth0] 0000:08:00.0\n");
	teardown(&e);

	/* a card of the board, and a USB adapter */
	setup(&e);
	default_routes(&e, "eth0", "enx0");
	tree_link(&e.t, "sys/class/net/eth0", PORT "0000:08:00.0/net/eth0");
	tree_link(&e.t, "sys/class/net/enx0",
		"../../devices/pci0000:00/0000:00:14.0/usb1/1-2/1-2:1.0/net/enx0");
	collect_uses(e.s, &e.r, &no_options);
	uses_are(&e,
		"default route [eth0] 0000:08:00.0\ndefault route [enx0] 0000:00:14.0\n");
	teardown(&e);

	/* no cable in the first */
	setup(&e);
	default_routes(&e, "eth0", "wlan0");
	tree_link(&e.t, "sys/class/net/eth0", PORT "0000:08:00.0/net/eth0");
	tree_file(&e.t,
		"sys/devices/pci0000:00/0000:00:01.2/0000:08:00.0/net/eth0/operstate",
		"down\n");
	tree_link(&e.t, "sys/class/net/wlan0", PORT "0000:0a:00.0/net/wlan0");
	collect_uses(e.s, &e.r, &no_options);
	uses_are(&e, "default route [wlan0] 0000:0a:00.0\n");
	teardown(&e);
}

TEST(stacks_of_interfaces)
{
	struct env e;

	/* bond0.7 on bond0 on two cards, one of them without a cable */
	setup(&e);
	default_routes(&e, "bond0.7", "gone0");
	tree_link(&e.t, "sys/class/net/bond0.7", "../../devices/virtual/net/bond0.7");
	tree_link(&e.t, "sys/class/net/bond0", "../../devices/virtual/net/bond0");
	tree_link(&e.t, "sys/devices/virtual/net/bond0.7/lower_bond0", "../bond0");
	tree_link(&e.t, "sys/devices/virtual/net/bond0/lower_eth0", "x");
	tree_link(&e.t, "sys/devices/virtual/net/bond0/lower_eth1", "x");
	tree_link(&e.t, "sys/class/net/eth0", PORT "0000:08:00.0/net/eth0");
	tree_link(&e.t, "sys/class/net/eth1", PORT "0000:09:00.0/net/eth1");
	tree_file(&e.t,
		"sys/devices/pci0000:00/0000:00:01.2/0000:09:00.0/net/eth1/operstate",
		"down\n");
	collect_uses(e.s, &e.r, &no_options);
	uses_are(&e, "default route [bond0.7] 0000:08:00.0\n");
	teardown(&e);

	/* macvlan on a virtual function, and Open vSwitch with one card */
	setup(&e);
	default_routes(&e, "macvlan0", "ovsbr0");
	tree_link(&e.t, "sys/class/net/macvlan0", "../../devices/virtual/net/macvlan0");
	tree_link(&e.t, "sys/devices/virtual/net/macvlan0/lower_eth0v1", "x");
	tree_link(&e.t, "sys/class/net/eth0v1", PORT "0000:08:10.1/net/eth0v1");
	tree_link(&e.t, "sys/class/net/ovsbr0", "../../devices/virtual/net/ovsbr0");
	tree_link(
		&e.t, "sys/class/net/ovs-system", "../../devices/virtual/net/ovs-system");
	tree_link(&e.t, "sys/devices/virtual/net/ovs-system/lower_eth1", "x");
	tree_dir(&e.t, "sys/devices/virtual/net/ovsbr0");
	tree_link(&e.t, "sys/class/net/eth1", PORT "0000:09:00.0/net/eth1");
	collect_uses(e.s, &e.r, &no_options);
	uses_are(&e,
		"default route [macvlan0] 0000:08:10.1\ndefault route [ovsbr0] 0000:09:00.0\n");
	teardown(&e);
}

TEST(route_in_another_table)
{
	struct env e;

	setup(&e);
	tree_file(&e.t, "proc/net/route", ROUTE_HEAD);
	tree_file(&e.t, "proc/net/fib_trie",
		"Id 200:\n  |-- 0.0.0.0\n     /0 universe UNICAST\nMain:\n  +-- 0.0.0.0/0 3 0 5\n");
	collect_uses(e.s, &e.r, &no_options);
	uses_are(&e, "default route [] ?\n");
	teardown(&e);
}

TEST(ipv6_only_and_no_route)
{
#define ZEROS "00000000000000000000000000000000"
	struct env e;

	setup(&e);
	tree_file(&e.t, "proc/net/route", ROUTE_HEAD);
	tree_file(&e.t, "proc/net/ipv6_route",
		ZEROS " 00 " ZEROS " 00 " ZEROS
		      " ffffffff 00000001 00000000 00200200       lo\n" ZEROS " 00 " ZEROS
		      " 00 fe800000000000000000000000000001 00000400 00000001"
		      " 00000000 00450003     eth0\n");
	tree_link(&e.t, "sys/class/net/eth0", PORT "0000:08:00.0/net/eth0");
	collect_uses(e.s, &e.r, &no_options);
	is_str(snap_str(e.s->host.default_route), "eth0");
	uses_are(&e, "default route [eth0] 0000:08:00.0\n");
	teardown(&e);

	setup(&e);
	tree_file(&e.t, "proc/net/route", ROUTE_HEAD);
	collect_uses(e.s, &e.r, &no_options);
	is_int(e.s->host.default_route.have, HAVE_NONE);
	is_int(e.s->uses.have, HAVE_VALUE);
	is_int(e.s->uses.n, 0);
	teardown(&e);
}

static void input(struct env *e, const char *name, const char *link, const char *title,
	const char *ev, const char *key)
{
	char path[256];

	snprintf(path, sizeof path, "sys/class/input/%s", name);
	tree_link(&e->t, path, link);
	snprintf(path, sizeof path, "sys/%s/name", link + strlen("../../"));
	tree_file(&e->t, path, title);
	snprintf(path, sizeof path, "sys/%s/capabilities/ev", link + strlen("../../"));
	tree_file(&e->t, path, ev);
	snprintf(path, sizeof path, "sys/%s/capabilities/key", link + strlen("../../"));
	tree_file(&e->t, path, key);
}

TEST(keyboards)
{
	static const char keys[] =
		"402000000 3803078f800d001 feffffdfffefffff fffffffffffffffe\n";
	struct env e;

	setup(&e);
	input(&e, "input0", "../../devices/platform/i8042/serio0/input/input0", "AT\n",
		"120013\n", keys);
	input(&e, "input1",
		"../../devices/pci0000:00/0000:00:14.0/usb1/1-1/1-1:1.0/input/input1",
		"USB\n", "120013\n", keys);
	input(&e, "input2",
		"../../devices/pci0000:00/0000:00:14.0/usb1/1-1/1-1:1.1/input/input2",
		"USB\n", "120013\n", keys);
	input(&e, "input3", "../../devices/LNXSYSTM:00/LNXPWRBN:00/input/input3",
		"Power\n", "3\n", "10000000000000 0\n");
	input(&e, "input4", "../../devices/virtual/input/input4", "Steam\n", "120013\n",
		keys);
	input(&e, "input5", "../../devices/virtual/misc/uhid/0005:1/input/input5",
		"Bob's\n", "120013\n", keys);
	collect_uses(e.s, &e.r, &no_options);
	uses_are(&e,
		"keyboard [AT] -\nkeyboard [USB] 0000:00:14.0\nkeyboard [Bluetooth] ?\n");
	teardown(&e);
}

TEST(bluetooth_keyboards)
{
	static const char keys[] =
		"402000000 3803078f800d001 feffffdfffefffff fffffffffffffffe\n";

	for (int adapters = 0; adapters < 3; adapters++) {
		struct env e;

		setup(&e);
		input(&e, "input5", "../../devices/virtual/misc/uhid/0005:1/input/input5",
			"Bob's\n", "120013\n", keys);
		input(&e, "input6", "../../devices/virtual/misc/uhid/0003:1/input/input6",
			"a program's\n", "120013\n", keys);
		if (adapters > 0) {
			tree_link(&e.t, "sys/class/bluetooth/hci0",
				"../../devices/pci0000:00/0000:00:14.0/usb1/1-14/1-14:1.0/bluetooth/hci0");
			tree_link(&e.t, "sys/class/bluetooth/hci0:11", "../x");
		}
		if (adapters > 1)
			tree_link(&e.t, "sys/class/bluetooth/hci1",
				PORT "0000:0b:00.0/usb5/5-1/5-1:1.0/bluetooth/hci1");
		collect_uses(e.s, &e.r, &no_options);
		uses_are(&e,
			adapters == 1 ? "keyboard [Bluetooth] 0000:00:14.0\n"
				      : "keyboard [Bluetooth] ?\n");
		teardown(&e);
	}
}

/* A receiver behind a hub, a laptop's keyboard on I2C, and what looks like a keyboard. */
TEST(keyboards_behind_something)
{
	static const char keys[] =
		"402000000 3803078f800d001 feffffdfffefffff fffffffffffffffe\n";
	struct env e;

	setup(&e);
	input(&e, "input1",
		"../../devices/pci0000:00/0000:00:14.0/usb1/1-1/1-1.4/1-1.4:1.0/0003:046D:C52B.1/0003:046D:4024.2/input/input1",
		"Receiver\n", "12001f\n", keys);
	input(&e, "input2",
		"../../devices/pci0000:00/0000:00:15.0/i2c_designware.0/i2c-1/i2c-X:00/0018:1.1/input/input2",
		"Cover\n", "120013\n", keys);
	input(&e, "input3", "../../devices/pci0000:00/0000:00:1f.3/sound/card0/input3",
		"Headset\n", "3\n", "4 0 0 0 c000000000000 0\n");
	input(&e, "input4",
		"../../devices/pci0000:00/0000:0c:00.0/usb7/7-1/7-1:1.0/input/input4",
		"Gamepad\n", "20000b\n", "7cdb000000000000 0 0 0 0\n");
	collect_uses(e.s, &e.r, &no_options);
	uses_are(&e, "keyboard [Receiver] 0000:00:14.0\nkeyboard [Cover] 0000:00:15.0\n");
	teardown(&e);
}
