// SPDX-License-Identifier: GPL-2.0-or-later
// Addresses of PCI functions.
#include "base/bdf.h"

#include <stdio.h>

#include "base/text.h"

/* A hexadecimal number of MIN to MAX digits at *S, not above LIMIT; moves *S behind it.
 */
static bool scan_hex(const char **s, int min, int max, uint32_t limit, uint32_t *ret)
{
	uint32_t value = 0;
	int digits = 0;

	for (int d; digits < max && (d = hex_digit((*s)[digits])) >= 0; digits++)
		value = value << 4 | (uint32_t)d;
	if (digits < min || value > limit || hex_digit((*s)[digits]) >= 0)
		return false;
	*s += digits;
	*ret = value;
	return true;
}

bool bdf_scan(const char *s, struct bdf *ret, const char **ret_end)
{
	uint32_t domain = 0, bus, dev, fn;
	const char *p = s;

	if (!scan_hex(&p, 1, 8, UINT32_MAX, &bus) || *p++ != ':')
		return false;
	if (!scan_hex(&p, 1, 8, UINT32_MAX, &dev))
		return false;
	if (*p == ':') {
		p++;
		domain = bus;
		bus = dev;
		if (!scan_hex(&p, 1, 2, 0x1f, &dev))
			return false;
	}
	if (bus > 0xff || dev > 0x1f || *p++ != '.' || !scan_hex(&p, 1, 1, 7, &fn))
		return false;
	*ret = (struct bdf){ domain, (uint8_t)bus, (uint8_t)dev, (uint8_t)fn };
	*ret_end = p;
	return true;
}

bool bdf_parse(const char *s, struct bdf *ret)
{
	struct bdf b;
	const char *end;

	if (!bdf_scan(s, &b, &end) || *end)
		return false;
	*ret = b;
	return true;
}

const char *bdf_format(struct bdf b, char buf[BDF_TEXT])
{
	snprintf(buf, BDF_TEXT, "%04x:%02x:%02x.%x", b.domain, b.bus, b.dev & 31u,
		b.fn & 7u);
	return buf;
}

const char *bdf_format_short(struct bdf b, char buf[BDF_TEXT])
{
	if (b.domain)
		return bdf_format(b, buf);
	snprintf(buf, BDF_TEXT, "%02x:%02x.%x", b.bus, b.dev & 31u, b.fn & 7u);
	return buf;
}

int bdf_compare(struct bdf a, struct bdf b)
{
	if (a.domain != b.domain)
		return a.domain < b.domain ? -1 : 1;
	return (int)bdf_requester_id(a) - (int)bdf_requester_id(b);
}
