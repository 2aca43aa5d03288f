// SPDX-License-Identifier: GPL-2.0-or-later
// The collectors as a whole: every source ends with a status, whatever the tree.
#include <errno.h>
#include <fcntl.h>

#include "tap.h"
#include "tree.h"

#include "collect/collect.h"

static void every_source_has_a_status(const struct snapshot *s)
{
	for (enum source i = 0; i < N_SOURCES; i++) {
		enum source_status status = snapshot_status(s, i);

		if (status == STATUS_MISSING)
			tap_fail("nobody looked at %s", source_name(i));
		if (status != STATUS_OK && !snapshot_reason(s, i))
			tap_fail("%s is %s for no reason", source_name(i),
				source_status_name(status));
	}
}

TEST(an_empty_tree)
{
	struct tree t = tree_new();
	const char *path = NULL;
	struct snapshot *s = collect(&(struct collect_options){ .root = t.dir }, &path);

	ok(s != NULL);
	every_source_has_a_status(s);
	is_str(s->origin.kind, "tree");
	is_int(s->origin.privileged.have, HAVE_NOT);
	is_int(s->origin.redacted.v, true);
	is_int(s->pci.have, HAVE_NOT);
	is_int(s->groups.have, HAVE_NOT);
	snapshot_free(s);
	tree_free(&t);
}

TEST(this_host)
{
	const char *path = NULL;
	struct snapshot *s =
		collect(&(struct collect_options){ .keep_private = true }, &path);

	ok(s != NULL);
	every_source_has_a_status(s);
	is_str(s->origin.kind, "live");
	is_int(s->origin.privileged.v, geteuid() == 0);
	is_int(s->origin.redacted.v, false);
	snapshot_free(s);
}

TEST(private_names)
{
	struct tree t = tree_new();
	const char *path = NULL;
	struct snapshot *s;

	tree_file(&t, "etc/hostname", "bluebird\n");
	tree_dir(&t, "home/marigold");
	tree_file(&t, "etc/modprobe.d/vfio.conf",
		"# /home/marigold/rom on bluebird\noptions vfio-pci ids=10de:13c2\n");
	s = collect(&(struct collect_options){ .root = t.dir }, &path);
	is_int(s->files.n, 1);
	ok(strstr(s->files.v[0].text.s, "ids=10de:13c2") != NULL);
	ok(strstr(s->files.v[0].text.s, "marigold") == NULL);
	ok(strstr(s->files.v[0].text.s, "bluebird") == NULL);
	snapshot_free(s);
	s = collect(
		&(struct collect_options){ .root = t.dir, .keep_private = true }, &path);
	ok(strstr(s->files.v[0].text.s, "/home/marigold/rom on bluebird") != NULL);
	snapshot_free(s);
	tree_free(&t);
}

TEST(files_that_cannot_be_opened)
{
	struct tree t = tree_new();
	struct collect_options o[] = {
		{ .root = "/nonexistent/tree" },
		{ .root = t.dir, .kernel_log = "/nonexistent/log" },
		{ .root = t.dir, .cpuid = t.dir },
	};
	const char *const paths[] = { "/nonexistent/tree", "/nonexistent/log", t.dir };
	const int errors[] = { ENOENT, ENOENT, EISDIR };

	for (size_t i = 0; i < sizeof o / sizeof o[0]; i++) {
		const char *path = NULL;

		ok(collect(&o[i], &path) == NULL);
		is_int(errno, errors[i]);
		is_str(path, paths[i]);
	}
	tree_free(&t);
}
