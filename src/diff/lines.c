// SPDX-License-Identifier: GPL-2.0-or-later
// The shortest list of lines to take out and put in: longest common subsequence.
#include "base/arena.h"
#include "base/text.h"
#include "diff/parts.h"

enum { MOST_CELLS = 4 << 20 }; /* two bytes each: a configuration file has 1,000 lines */

static void add(struct arena *a, struct line_change **ret, size_t *ret_n, char sign,
	const char *text)
{
	struct line_change *c = arena_push(a, *ret, *ret_n);

	c->sign = sign;
	c->text = text;
}

bool diff_lines(struct arena *a, char *const *old, size_t n_old, char *const *new,
	size_t n_new, struct line_change **ret, size_t *ret_n)
{
	while (n_old && n_new && text_equal(old[0], new[0]))
		old++, new ++, n_old--, n_new--;
	while (n_old && n_new && text_equal(old[n_old - 1], new[n_new - 1]))
		n_old--, n_new--;
	if (n_old > UINT16_MAX || n_new > UINT16_MAX ||
		(n_old + 1) * (n_new + 1) > MOST_CELLS)
		return false;

	/* common[i][k]: how much the rests from I and K have in common */
	size_t row = n_new + 1;
	struct arena *scratch = arena_new();
	uint16_t *common = arena_alloc(scratch, (n_old + 1) * row * sizeof *common);
	for (size_t i = n_old; i-- > 0;) {
		for (size_t k = n_new; k-- > 0;) {
			uint16_t down = common[(i + 1) * row + k],
				 right = common[i * row + k + 1];

			common[i * row + k] = text_equal(old[i], new[k])
				? (uint16_t)(common[(i + 1) * row + k + 1] + 1)
				: down > right ? down
					       : right;
		}
	}
	size_t i = 0, k = 0;
	while (i < n_old || k < n_new) {
		if (i < n_old && k < n_new && text_equal(old[i], new[k]))
			i++, k++;
		else if (k == n_new ||
			(i < n_old &&
				common[(i + 1) * row + k] >= common[i * row + k + 1]))
			add(a, ret, ret_n, '-', old[i++]);
		else
			add(a, ret, ret_n, '+', new[k++]);
	}
	arena_free(scratch);
	return true;
}
