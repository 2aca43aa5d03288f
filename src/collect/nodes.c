// SPDX-License-Identifier: GPL-2.0-or-later
// The device nodes a virtual machine opens: /dev/kvm, /dev/vfio, /dev/iommu.
#include "base/text.h"
#include "collect/sources.h"

/* In a copied tree a plain file stands for the node: it exists, its owner says nothing.
 * False if it cannot be told whether there is one. */
static bool node_add(struct snapshot *s, const struct root *r, const char *path)
{
	struct root_stat st = root_stat(r, path, true);

	if (st.kind != ROOT_NODE && st.kind != ROOT_FILE)
		return st.kind != ROOT_UNKNOWN;
	struct snap_node *node = snap_list_add(s, &s->nodes);
	node->path = snap_str(snap_text_of(s, arena_printf(s->arena, "/%s", path)));
	if (st.kind == ROOT_NODE) {
		node->mode = snap_int_of(st.mode & 07777);
		node->uid = snap_int_of(st.uid);
		node->gid = snap_int_of(st.gid);
	}
	return true;
}

static enum source_status nodes_add(
	struct snapshot *s, const struct root *r, const char *dir)
{
	char **names;
	size_t n;
	enum source_status status = root_list(r, s->arena, dir, &names, &n);

	for (size_t i = 0; i < n && status == STATUS_OK; i++)
		if (!node_add(s, r, arena_printf(s->arena, "%s/%s", dir, names[i])))
			status = STATUS_TRUNCATED;
	return status;
}

void collect_nodes(
	struct snapshot *s, const struct root *r, const struct collect_options *options)
{
	char **names;
	size_t n;
	enum source_status status = root_list(r, s->arena, "dev", &names, &n);

	(void)options;
	if (status != STATUS_OK) {
		snapshot_set_status(s, SOURCE_NODES, status, "no list of /dev");
		return;
	}
	snap_list_collected(&s->nodes);
	bool whole = node_add(s, r, "dev/iommu");
	whole &= node_add(s, r, "dev/kvm");
	enum source_status groups = nodes_add(s, r, "dev/vfio");
	enum source_status devices = nodes_add(s, r, "dev/vfio/devices");
	whole &=
		groups == STATUS_OK || groups == STATUS_ABSENT || groups == STATUS_DENIED;
	whole &= devices == STATUS_OK || devices == STATUS_ABSENT ||
		devices == STATUS_DENIED;
	bool denied = groups == STATUS_DENIED || devices == STATUS_DENIED;
	snapshot_set_status(s, SOURCE_NODES,
		!whole           ? STATUS_TRUNCATED
			: denied ? STATUS_DENIED
				 : STATUS_OK,
		!whole           ? "not every node could be looked at"
			: denied ? "/dev/vfio may not be listed"
				 : NULL);
}
