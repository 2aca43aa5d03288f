// SPDX-License-Identifier: GPL-2.0-or-later
// Facts on power: whether a function sleeps, and whether it can be woken.
#include "base/arena.h"
#include "base/text.h"
#include "facts/derive.h"
#include "facts/kernel.h"
#include "facts/topology.h"

/* Does vfio-pci let a device sleep that nobody uses? Up to 5.18 it went to D3hot, since
 * 5.19 runtime power management takes it down as far as the slot allows. */
void derive_vfio_idle_sleep(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct snap_parameter *p =
		kernel_parameter(f, "vfio_pci", "disable_idle_d3");

	(void)s;
	if (!p || p->value.have != HAVE_VALUE)
		return;
	fact_set_bool(out, !kernel_bool_is_true(p->value.s));
	fact_seen(f, out, "/sys/module/vfio_pci/parameters/disable_idle_d3", p->value.s);
}

void derive_device_power_state(struct facts *f, const struct subject *s, struct fact *out)
{
	const char *state = s->fn->raw ? snap_str(s->fn->raw->power_state) : NULL;

	if (!state)
		return;
	fact_set_text(out, state);
	fact_seen(f, out, arena_printf(f->arena, "power_state of %s", s->fn->short_addr),
		state);
}

/*
 * A failed resume is remembered, and from then on rpm_resume() answers EINVAL
 * (drivers/base/power/runtime.c); vfio_pci_core_enable() then gives up, unless
 * disable_idle_d3 keeps it from asking. Another driver starts afresh when it binds.
 */
void derive_device_power_error(struct facts *f, const struct subject *s, struct fact *out)
{
	const char *status = s->fn->raw ? snap_str(s->fn->raw->runtime_status) : NULL;
	const struct fact *sleep = fact_of(f, s, "vfio.idle-sleep");
	enum tri wrong =
		tri_and(status ? tri_of(text_equal(status, "error")) : TRI_UNKNOWN,
			s->fn->on_vfio);

	if (sleep->state == FACT_VALUE)
		wrong = tri_and(wrong, tri_of(sleep->b));
	else
		wrong = tri_and(wrong, TRI_UNKNOWN);
	wrong = tri_and(wrong, kernel_at_least(f, 5, 19, 0));
	if (wrong == TRI_UNKNOWN)
		return;
	fact_set_bool(out, wrong == TRI_TRUE);
	if (wrong == TRI_TRUE)
		fact_seen(f, out,
			arena_printf(f->arena, "runtime_status of %s", s->fn->short_addr),
			status);
}
