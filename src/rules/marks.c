// SPDX-License-Identifier: GPL-2.0-or-later
// Functions marked for a while.
#include "rules/engine.h"

void marks_init(struct marks *m, struct arena *a, const struct facts *f)
{
	m->facts = f;
	m->stamps = arena_alloc(a, (f->n_fns + 1) * sizeof *m->stamps);
	m->now = 1;
}

void marks_clear(struct marks *m)
{
	m->now++;
}

void marks_add(struct marks *m, struct fn *const *fns, size_t n)
{
	for (size_t i = 0; i < n; i++)
		m->stamps[fns[i] - m->facts->fns] = m->now;
}

bool marks_any(const struct marks *m, struct fn *const *fns, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (m->stamps[fns[i] - m->facts->fns] == m->now)
			return true;
	return false;
}
