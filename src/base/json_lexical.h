// SPDX-License-Identifier: GPL-2.0-or-later
// What cJSON lets pass and RFC 8259 does not, found in one pass over the text.
#ifndef BASE_JSON_LEXICAL_H
#define BASE_JSON_LEXICAL_H

#include <stddef.h>

/* NULL if the N bytes at TEXT (with a NUL behind them) are lexically fine; else a clause
 * that says what is wrong, and *RET_OFFSET tells where. */
const char *json_lexical_check(const char *text, size_t n, size_t *ret_offset);
/* Line and column of a byte, both from 1. */
void json_lexical_place(
	const char *text, size_t offset, size_t *ret_line, size_t *ret_column);
/* Steps over blanks; over one string, number or word. For text that was checked. */
const char *json_lexical_skip_space(const char *p);
const char *json_lexical_skip_scalar(const char *p);

#endif
