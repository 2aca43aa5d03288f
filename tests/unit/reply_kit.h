// SPDX-License-Identifier: GPL-2.0-or-later
// For tests of answers: a snapshot of somebody's post, made by hand and judged by all rules.
#ifndef TESTS_UNIT_REPLY_KIT_H
#define TESTS_UNIT_REPLY_KIT_H

#include "base/text.h"
#include "report/reply.h"

struct post {
	struct snapshot *snap;
	struct rule_set *rules;
	struct facts *facts;
	struct judgement *j;
};

static inline struct post post_new(void)
{
	struct post p = { .snap = snapshot_new() };
	struct rule_error error;

	p.snap->origin.kind = "pasted";
	p.snap->origin.tool = "test";
	p.rules = rule_set_load(NULL, &error);
	return p;
}

/* Lines of a kernel log, ended by NULL. */
static inline void post_log(struct post *p, bool whole, const char *const *lines)
{
	while (*lines)
		snap_log_add(p->snap, *lines++);
	if (whole)
		p->snap->log.complete = snap_bool_of(true);
	snapshot_set_status(p->snap, SOURCE_KERNEL_LOG,
		whole ? STATUS_OK : STATUS_TRUNCATED, whole ? NULL : "pasted in part");
}

/* A display adapter as `lspci -nnk` prints it. */
static inline void post_display(
	struct post *p, const char *address, const char *name, const char *driver)
{
	struct snap_pci *fn = snap_list_add(p->snap, &p->snap->pci);

	fn->address = address;
	fn->class_code = (struct snap_hex){ HAVE_VALUE, 0x030000 };
	fn->vendor = (struct snap_hex){ HAVE_VALUE, 0x10de };
	fn->device = (struct snap_hex){ HAVE_VALUE, 0x1e87 };
	fn->device_name = snap_text_of(p->snap, name);
	fn->driver = snap_text_of(p->snap, driver);
	snapshot_set_status(p->snap, SOURCE_PCI, STATUS_OK, NULL);
}

static inline void post_judge(struct post *p)
{
	struct facts_request request = { NULL, 0 };

	p->facts = facts_new(p->snap, &request);
	p->j = judge(p->facts, p->rules);
}

/* What the writer says of it; freed by the caller. */
static inline char *post_reply(const struct post *p, const char *format)
{
	struct report_options options = { .width = 80 };
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);

	reply_writer(format)(p->j, &options, out);
	fclose(out);
	return text;
}

static inline void post_free(struct post *p)
{
	judgement_free(p->j);
	facts_free(p->facts);
	rule_set_free(p->rules);
	snapshot_free(p->snap);
}

#endif
