// SPDX-License-Identifier: GPL-2.0-or-later
// Two machines held against each other: who is who, what moved, what got worse.
#include "tap.h"

#include "machine.h"

#include "base/arena.h"
#include "base/text.h"
#include "diff/diff.h"
#include "diff/parts.h"

enum { ALL = 1u << SOURCE_PCI | 1u << SOURCE_MODPROBE | 1u << SOURCE_IOMMU_GROUPS };

/* A function with an ID of its own. */
static struct snap_pci *card(
	struct snapshot *s, const char *address, uint64_t device, int group)
{
	struct snap_pci *p = machine_pci(s, address, 0x020000, group);

	p->vendor = snap_hex_of(0x8086);
	p->device = snap_hex_of(device);
	return p;
}

/* Two machines and the comparison of them, judged by the rules of the program. */
struct two {
	struct snapshot *old, *new;
	struct facts *f[2];
	struct judgement *j[2];
	struct rule_set *rules;
	struct diff *d;
};

static struct two two_new(void)
{
	struct two t = { .old = machine_new(ALL), .new = machine_new(ALL) };

	return t;
}

static void compare(struct two *t, const char *guest)
{
	struct rule_error error;

	t->rules = rule_set_load(NULL, &error);
	t->f[0] = machine_facts(t->old, guest, NULL);
	t->f[1] = machine_facts(t->new, guest, NULL);
	for (int i = 0; i < 2; i++)
		t->j[i] = judge(t->f[i], t->rules);
	t->d = diff_new(t->j[0], t->j[1]);
}

static void two_free(struct two *t)
{
	diff_free(t->d);
	for (int i = 0; i < 2; i++) {
		judgement_free(t->j[i]);
		facts_free(t->f[i]);
	}
	rule_set_free(t->rules);
	snapshot_free(t->old);
	snapshot_free(t->new);
}

static const struct device_change *change_of(const struct diff *d, const char *address)
{
	for (size_t i = 0; i < d->n_devices; i++) {
		const struct fn_pair *p = &d->devices[i].pair;

		if (text_equal((p->new ? p->new : p->old)->addr, address))
			return &d->devices[i];
	}
	return NULL;
}

TEST(equal_machines_are_the_same)
{
	struct two t = two_new();

	card(t.old, "0000:01:00.0", 1, 1);
	card(t.new, "0000:01:00.0", 1, 1);
	compare(&t, NULL);
	/* equal machines are the same */
	is_int(t.d->trend, TREND_SAME);
	/* without a changed device */
	is_int((long)t.d->n_devices, 0);
	/* or fact */
	is_int((long)t.d->n_values, 0);
	two_free(&t);
}

TEST(cards_that_moved_keep_their_order)
{
	struct two t = two_new();

	/* A card in front shifts two identical ones by a bus */
	card(t.old, "0000:01:00.0", 7, 1);
	card(t.old, "0000:02:00.0", 7, 2);
	card(t.new, "0000:01:00.0", 9, 1);
	card(t.new, "0000:02:00.0", 7, 2);
	card(t.new, "0000:03:00.0", 7, 3);
	compare(&t, NULL);
	/* 02:00.0 was there before, with the same ID: it is taken for the same card */
	const struct device_change *c = change_of(t.d, "0000:03:00.0");
	/* the other one moved from 01:00.0 to 03:00.0 */
	ok(c && c->moved && text_equal(c->pair.old->addr, "0000:01:00.0"));
	c = change_of(t.d, "0000:01:00.0");
	/* what is at 01:00.0 now is new */
	ok(c && !c->pair.old);
	/* old address to new */
	is_str(diff_new_address(t.d, "0000:01:00.0"), "0000:03:00.0");
	/* an address that is no function stays */
	is_str(diff_new_address(t.d, "0000:09:00.0"), "0000:09:00.0");
	two_free(&t);
}

TEST(a_target_that_is_gone_is_worse)
{
	struct two t = two_new();

	card(t.old, "0000:01:00.0", 7, 1);
	card(t.old, "0000:02:00.0", 8, 2);
	card(t.new, "0000:02:00.0", 8, 1);
	compare(&t, "0000:01:00.0");
	const struct device_change *c = change_of(t.d, "0000:01:00.0");
	/* the function is gone */
	ok(c && !c->pair.new);
	/* a target that is gone is worse */
	is_int(c ? (long)c->trend : -1, TREND_WORSE);
	/* and so is the whole */
	is_int(t.d->trend, TREND_WORSE);
	/* a group that only got another number did not change */
	is_int((long)t.d->n_groups, 0);
	two_free(&t);
}

TEST(an_unknown_id_makes_no_other_card)
{
	struct two t = two_new();

	card(t.old, "0000:01:00.0", 7, 1)->device = (struct snap_hex){ 0 };
	card(t.new, "0000:01:00.0", 7, 1);
	compare(&t, NULL);
	/* an ID that was not collected does not make another card */
	ok(!change_of(t.d, "0000:01:00.0"));
	two_free(&t);
}

TEST(groups_split_and_merge)
{
	struct two t = two_new();

	for (uint64_t i = 0; i < 5; i++) {
		static const char *const at[] = { "0000:01:00.0", "0000:02:00.0",
			"0000:03:00.0", "0000:04:00.0", "0000:05:00.0" };
		static const int old[] = { 1, 1, 2, 3, 4 }, new[] = { 8, 9, 5, 5, 6 };

		card(t.old, at[i], i, old[i]);
		card(t.new, at[i], i, new[i]);
	}
	compare(&t, NULL);
	/* one split, one merge */
	is_int((long)t.d->n_groups, 2);
	const struct group_change *split = NULL, *merge = NULL;
	for (size_t i = 0; i < t.d->n_groups; i++) {
		if (t.d->groups[i].n_old == 1)
			split = &t.d->groups[i];
		else
			merge = &t.d->groups[i];
	}
	/* group 1 became 8 and 9 */
	ok(split && split->old[0] == 1 && split->n_new == 2);
	/* groups 2 and 3 became 5 */
	ok(merge && merge->new[0] == 5 && merge->n_old == 2 && merge->n == 2);
	two_free(&t);
}

TEST(a_bound_card_is_nothing_worse)
{
	struct two t = two_new();

	card(t.old, "0000:01:00.0", 7, 1)->driver = snap_text_of(t.old, "e1000e");
	card(t.new, "0000:01:00.0", 7, 1)->driver = snap_text_of(t.new, "vfio-pci");
	compare(&t, NULL);
	const struct device_change *c = change_of(t.d, "0000:01:00.0");
	/* only the driver changed */
	ok(c && c->driver && !c->moved);
	/* a card that is bound is nothing worse */
	ok(t.d->trend != TREND_WORSE);
	two_free(&t);
}

TEST(files_and_words)
{
	struct two t = two_new();

	machine_file(t.old, "/etc/modprobe.d/a.conf", "one\ntwo\nthree\n", 1);
	machine_file(t.new, "/etc/modprobe.d/a.conf", "one\n2\nthree\nfour\n", 2);
	machine_file(t.old, "/etc/modprobe.d/b.conf", "same\n", 1);
	machine_file(t.new, "/etc/modprobe.d/b.conf", "same\n", 9);
	machine_file(t.old, "/boot/initrd.img", NULL, 1);
	machine_file(t.new, "/boot/initrd.img", NULL, 2);
	t.old->kernel.cmdline = snap_text_of(t.old, "quiet splash");
	t.new->kernel.cmdline = snap_text_of(t.new, "quiet intel_iommu=on splash");
	compare(&t, NULL);
	/* an edit and a new image; a touched file is no edit */
	is_int((long)t.d->n_files, 2);
	const struct file_change *c = &t.d->files[0];
	/* three lines differ */
	is_int((long)c->n, 3);
	/* taken out before put in */
	ok(c->n == 3 && c->lines[0].sign == '-' && c->lines[1].sign == '+' &&
		text_equal(c->lines[2].text, "four"));
	/* one word of the command line is new */
	is_int((long)t.d->n_words, 1);
	two_free(&t);
}

TEST(seeing_less_is_nothing_worse)
{
	struct two t = { .old = machine_new(ALL), .new = machine_new(1u << SOURCE_PCI) };

	card(t.old, "0000:01:00.0", 7, 1);
	card(t.new, "0000:01:00.0", 7, 1)->driver = (struct snap_text){ 0 };
	machine_file(
		t.old, "/etc/modprobe.d/a.conf", "options vfio-pci ids=8086:0007\n", 1);
	compare(&t, NULL);
	/* a target whose claim could not be read is not lost */
	ok(t.d->trend != TREND_WORSE);
	/* its file is not called gone */
	is_int((long)t.d->n_files, 0);
	/* facts that became unknown are counted, not told one by one */
	ok(t.d->n_unseen > 0);
	for (size_t i = 0; i < t.d->n_values; i++)
		ok(t.d->values[i].old || t.d->values[i].new);
	two_free(&t);
}

TEST(another_board_is_another_machine)
{
	struct two t = two_new();

	card(t.old, "0000:01:00.0", 7, 1);
	t.old->host.dmi.board_name = snap_text_of(t.old, "one");
	t.new->host.dmi.board_name = snap_text_of(t.new, "two");
	compare(&t, "0000:01:00.0");
	ok(t.d->strangers);
	const struct device_change *c = change_of(t.d, "0000:01:00.0");
	/* what the other machine never had is not lost */
	ok(c && c->trend == TREND_CHANGED);
	two_free(&t);
}

TEST(lines_taken_out_and_put_in)
{
	struct arena *a = arena_new();
	char *one[] = { "a", "b", "c", "d" }, *two[] = { "b", "c", "x", "d", "e" };
	struct line_change *lines = NULL;
	size_t n = 0;

	/* short lists are compared */
	ok(diff_lines(a, one, 4, two, 5, &lines, &n));
	/* a goes, x and e come */
	is_int((long)n, 3);
	n = 0;
	/* two empty lists */
	ok(diff_lines(a, one, 0, two, 0, &lines, &n) && n == 0);
	size_t many = 3000;
	char **x = arena_alloc(a, many * sizeof *x),
	     **y = arena_alloc(a, many * sizeof *y);
	for (size_t i = 0; i < many; i++) {
		x[i] = arena_printf(a, "x%zu", i);
		y[i] = arena_printf(a, "y%zu", i);
	}
	/* two long lists without anything in common are not */
	ok(!diff_lines(a, x, many, y, many, &lines, &n));
	arena_free(a);
}
