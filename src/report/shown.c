// SPDX-License-Identifier: GPL-2.0-or-later
// Which functions the device table lists: those that matter for an answer.
#include "report/model_parts.h"

enum {
	SHOW_ALL = 12,  /* a machine with no more functions than this is shown whole */
	SHOW_MOST = 24, /* two screens hold no more; the rest is counted */
};

static const struct device_judgement *judgement_of(
	const struct report_model *m, const struct fn *fn)
{
	for (size_t i = 0; i < m->j->n_devices; i++)
		if (m->j->devices[i].fn == fn)
			return &m->j->devices[i];
	return NULL;
}

/* A function shares an IOMMU group with one that is to be handed over. */
static bool shares_group(const struct report_model *m, const struct fn *fn)
{
	const struct facts *f = m->j->facts;

	for (size_t i = 0; i < f->n_handovers; i++)
		if (fn->group && f->handovers[i]->fn->group == fn->group)
			return true;
	return false;
}

/* 0: what the question is about, … 3: not worth a line. */
static int importance(const struct report_model *m, const struct fn *fn)
{
	const struct device_judgement *d = judgement_of(m, fn);

	if (fn->role == ROLE_GUEST || fn->role == ROLE_CANDIDATE ||
		(d && d->verdict != DEVICE_NONE))
		return 0;
	if (fn->is_display || fn->role == ROLE_COMPANION || shares_group(m, fn))
		return 1;
	/* Audio, class 0401 and 0403: the driver that is shared with a card's HDMI audio
	 */
	uint32_t class = fn->class_code >> 8;
	return class == 0x0401 || class == 0x0403 ? 2 : 3;
}

void model_choose_devices(struct report_model *m)
{
	const struct facts *f = m->j->facts;
	size_t of[4] = { 0 };
	int limit = 2;

	for (size_t i = 0; i < f->n_fns; i++)
		of[importance(m, &f->fns[i])]++;
	if (f->n_fns <= SHOW_ALL)
		limit = 3;
	while (limit > 0 && limit < 3 &&
		of[0] + of[1] + (limit > 1 ? of[2] : 0) > SHOW_MOST)
		limit--;
	for (size_t i = 0; i < f->n_fns; i++) {
		if (importance(m, &f->fns[i]) <= limit && m->n_shown < SHOW_MOST)
			*arena_push(m->arena, m->shown, m->n_shown) = &f->fns[i];
		else
			m->n_hidden++;
	}
}
