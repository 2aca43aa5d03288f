// SPDX-License-Identifier: GPL-2.0-or-later
// What a monitored machine's owner settled beforehand: a baseline, and waivers.
#include "report/monitored.h"

#include "base/text.h"

struct waived *waived_list(const struct judgement *j, struct arena *a, size_t *ret_n)
{
	struct waived *v = NULL;
	size_t n = 0, n_waivers = j->waivers ? j->waivers->n : 0;

	for (size_t i = 0; n_waivers && i < j->n; i++)
		if (j->findings[i].waived)
			*arena_push(a, v, n) =
				(struct waived){ j->findings[i].waived, &j->findings[i] };
	for (size_t k = 0; k < n_waivers; k++)
		if (!j->n_waived[k])
			*arena_push(a, v, n) = (struct waived){ &j->waivers->v[k], NULL };
	*ret_n = n;
	return v;
}

const char *waiver_name(struct arena *a, const struct waiver *w)
{
	return w->subject ? arena_printf(a, "%s@%s", w->rule, w->subject) : w->rule;
}

void section_waived(const struct report_model *m, const struct page *p)
{
	size_t n;
	const struct waived *v = waived_list(m->j, m->arena, &n);

	for (size_t i = 0; i < n; i++) {
		const struct waiver *w = v[i].waiver;
		const struct finding *f = v[i].finding;

		if (!f)
			page_labelled(p, 0, TONE_WARN, "!", 2,
				arena_printf(m->arena,
					"the waiver of %s fits nothing: take it away",
					waiver_name(m->arena, w)));
		else
			page_labelled(p, 0, TONE_PLAIN, "-", 2,
				arena_printf(m->arena, "%s%s  [%s]; waived: %s",
					f->verdict == VERDICT_UNKNOWN ? "not decided: "
								      : "",
					*f->message ? f->message : f->rule->title,
					finding_name(m->arena, f), w->reason));
	}
}

/* A verdict that was given and no longer is: the machine cannot be watched any more, though
 * that makes nothing worse as far as diff is concerned. */
static bool verdict_is_lost(const struct diff *since)
{
	return since->new->overall !=
		since->old->overall &&overall_exit_status(since->new->overall) ==
		overall_exit_status(OVERALL_UNKNOWN);
}

bool baseline_alarms(const struct diff *since)
{
	return since->trend == TREND_WORSE || verdict_is_lost(since);
}

static const char *device_words(struct arena *a, const struct device_change *c)
{
	const char *was = c->old ? device_verdict_name(c->old->verdict) : NULL;
	const char *is = c->new ? device_verdict_name(c->new->verdict) : NULL;
	const struct fn *fn = c->pair.new ? c->pair.new : c->pair.old;

	if (!c->new)
		return arena_printf(a, "%s is gone", fn->addr);
	if (c->verdict)
		return arena_printf(a, "%s was %s and is %s", fn->addr,
			was ? was : "no target", is ? is : "no target");
	return NULL;
}

static void add_findings(
	const struct diff *since, struct arena *a, const char ***v, size_t *n)
{
	for (size_t i = 0; i < since->n_findings; i++) {
		const struct finding_change *c = &since->findings[i];
		const struct finding *f = diff_told(c);

		if (c->trend == TREND_WORSE && !(c->new && c->new->n_follows))
			*arena_push(a, *v, *n) = arena_printf(a, "%s  [%s]",
				f->verdict == VERDICT_FAIL ? f->message : f->rule->title,
				finding_name(a, f));
	}
}

const char **baseline_worse(const struct diff *since, struct arena *a, size_t *ret_n)
{
	const char **v = NULL;
	size_t n = 0, others = 0;

	for (size_t i = 0; i < since->n_devices; i++) {
		const char *words;

		if (since->devices[i].trend != TREND_WORSE)
			continue;
		words = device_words(a, &since->devices[i]);
		if (words)
			*arena_push(a, v, n) = words;
		else
			others++;
	}
	add_findings(since, a, &v, &n);
	if (others)
		*arena_push(a, v, n) = arena_printf(a, "VFIO's answer for %zu function%s",
			others, others == 1 ? "" : "s");
	if (!n && baseline_alarms(since))
		*arena_push(a, v, n) = arena_printf(a, "the verdict was %s and is %s",
			overall_name(since->old->overall),
			overall_name(since->new->overall));
	*ret_n = n;
	return v;
}

void section_baseline(const struct report_model *m, const struct page *p)
{
	size_t n = 0;
	const char **worse = m->since ? baseline_worse(m->since, m->arena, &n) : NULL;

	if (!m->since)
		return;
	if (m->since->strangers)
		page_labelled(
			p, 0, TONE_WARN, "!", 2, "the baseline is of another machine");
	if (!n)
		page_line(p, 0,
			m->since->trend == TREND_SAME
				? "nothing changed"
				: "nothing got worse; what changed: vfio-doctor diff");
	for (size_t i = 0; i < n; i++)
		page_labelled(p, 0, TONE_BAD, "-", 2, worse[i]);
}

int report_status(const struct judgement *j, const struct diff *since)
{
	int status = overall_exit_status(j->overall);

	if (!since)
		return status;
	if (!baseline_alarms(since))
		return 0;
	return status ? status : 1;
}
