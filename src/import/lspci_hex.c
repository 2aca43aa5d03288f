// SPDX-License-Identifier: GPL-2.0-or-later
// Rows of the dumps that `lspci -x` prints.
#include <string.h>

#include "base/text.h"
#include "import/lspci_body.h"

bool lspci_row_read(const char *text, size_t *ret_at, uint8_t ret[16])
{
	uint8_t bytes[16];
	size_t at = 0, digits = 0;

	text += strspn(text, " \t");
	for (; digits < 3 && hex_digit(text[digits]) >= 0; digits++)
		at = at << 4 | (size_t)hex_digit(text[digits]);
	text += digits;
	if (digits < 2 || at & 15 || text[0] != ':' || text[1] != ' ')
		return false;
	text++;
	for (size_t i = 0; i < 16; i++) {
		int high, low;

		text += strspn(text, " \t");
		high = hex_digit(text[0]);
		low = high < 0 ? -1 : hex_digit(text[1]);
		if (low < 0 || hex_digit(text[2]) >= 0)
			return false;
		bytes[i] = (uint8_t)(high << 4 | low);
		text += 2;
	}
	if (text[strspn(text, " \t")])
		return false;
	memcpy(ret, bytes, sizeof bytes);
	*ret_at = at;
	return true;
}
