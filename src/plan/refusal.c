// SPDX-License-Identifier: GPL-2.0-or-later
// Functions that nobody should plan to hand over.
#include "base/text.h"
#include "plan/parts.h"

static const struct finding *failing(const struct judgement *j, const char *id)
{
	for (size_t i = 0; i < j->n; i++)
		if (j->findings[i].verdict == VERDICT_FAIL && j->findings[i].bears &&
			text_equal(j->findings[i].rule->id, id))
			return &j->findings[i];
	return NULL;
}

const char *plan_refusal(struct arena *a, const struct judgement *j)
{
	/* What does not exist, what cannot be handed over, what the host lives on */
	static const char *const rules[] = { "device.missing", "device.bridge",
		"device.iommu-itself", "group.host-disk", "group.host-uplink" };

	for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
		const struct finding *f = failing(j, rules[i]);

		if (f)
			return arena_printf(
				a, "no plan: %s", text_flatten(a, f->message));
	}
	if (!j->facts->has_targets)
		return "no plan: name the functions for the guest with --guest";
	return NULL;
}
