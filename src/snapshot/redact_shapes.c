// SPDX-License-Identifier: GPL-2.0-or-later
// Private numbers that their own form gives away: UUIDs, MAC and IP addresses, WWNs, keys.
#include <string.h>

#include "snapshot/redact_parts.h"

/* A run of hex digits at S; its length, at most 65. */
static size_t hex_run(const char *s)
{
	size_t n = 0;

	while (n <= 64 && hex_digit(s[n]) >= 0)
		n++;
	return n;
}

/* The hex digits that end just before S + AT, where they are a whole word; at most 5. */
static size_t hex_before(const char *s, size_t at)
{
	size_t n = 0;

	while (n < at && n < 5 && hex_digit(s[at - n - 1]) >= 0)
		n++;
	return n < at && redact_is_word(s[at - n - 1]) ? 0 : n;
}

size_t shape_uuid(const char *s)
{
	static const size_t groups[] = { 8, 4, 4, 4, 12 };
	size_t at = 0;

	for (size_t i = 0; i < 5; i++) {
		for (size_t k = 0; k < groups[i]; k++)
			if (hex_digit(s[at++]) < 0)
				return 0;
		if (i < 4 && s[at] == '-')
			at++;
		else if (i < 4 && redact_starts(s + at, "\\x2d"))
			at += 4;
		else if (i < 4)
			return 0;
	}
	return redact_is_word(s[at]) ? 0 : at;
}

/* `12345678:90abcdef:12345678:90abcdef`, as mdadm writes UUIDs. */
static size_t md_uuid_length(const char *s)
{
	size_t at = 0;

	for (int i = 0; i < 4; i++) {
		if (hex_run(s + at) != 8)
			return 0;
		at += 8;
		if (i < 3 && s[at++] != ':')
			return 0;
	}
	return redact_is_word(s[at]) || s[at] == ':' ? 0 : at;
}

/* A run of ASCII letters and digits at S; its length, at most MOST. */
static size_t alnum_run(const char *s, size_t most)
{
	size_t n = 0;

	while (n < most && redact_is_word(s[n]) && s[n] != '_')
		n++;
	return n;
}

/* Groups of letters and digits of these lengths, joined by dashes. */
static size_t dashed_length(const char *s, const char *groups)
{
	size_t at = 0;

	for (; *groups; groups++) {
		size_t want = (size_t)(*groups - '0');
		if (alnum_run(s + at, want) != want)
			return 0;
		at += want;
		if (groups[1] && s[at++] != '-')
			return 0;
	}
	return redact_is_word(s[at]) || s[at] == '-' ? 0 : at;
}

/* Capitals and digits, and both of them: a product key, and no word or number. */
static bool is_key(const char *s, size_t n)
{
	bool letter = false, digit = false;

	for (size_t i = 0; i < n; i++) {
		if (s[i] >= 'a' && s[i] <= 'z')
			return false;
		letter |= s[i] >= 'A' && s[i] <= 'Z';
		digit |= s[i] >= '0' && s[i] <= '9';
	}
	return letter && digit;
}

/* 32 hex digits, the id of a machine or a boot (machine-id(5)): its length. Longer ones are
 * ids of builds and of commits, which are public. */
static size_t id_length(const char *s)
{
	enum { DIGITS = 32 };

	if (hex_run(s) != DIGITS || redact_is_word(s[DIGITS]))
		return 0;
	for (size_t i = 1; i < DIGITS; i++)
		if (s[i] != s[0])
			return DIGITS;
	return 0; /* zeros tell nothing */
}

/* Six to twenty pairs of hex digits, joined alike: MAC, EUI-64, GUID of InfiniBand. */
static size_t mac_length(const char *s)
{
	size_t at = 0, pairs = 0;
	bool zeros = true;
	char joint = s[0] && s[1] ? s[2] : '\0';

	if (joint != ':' && joint != '-' && joint != '_')
		return 0;
	while (hex_digit(s[at]) >= 0 && hex_digit(s[at + 1]) >= 0 &&
		hex_digit(s[at + 2]) < 0) {
		pairs++;
		zeros &= s[at] == '0' && s[at + 1] == '0';
		at += 2;
		if (s[at] != joint)
			break;
		at++;
	}
	if (pairs >= 6 && s[at - 1] == joint)
		at--;
	return pairs >= 6 && pairs <= 20 && !zeros && !redact_is_word(s[at]) ? at : 0;
}

/* The word before S + AT tells of a version: `BIOS 1.2.3.4`, `FWVersion(1.2.3.4)`. */
static bool is_version_before(const char *s, size_t at)
{
	static const char *const words[] = { "ver", "rev", "revision", "v", "fw", "uefi",
		"bios", "vbios", "sbios", "firmware", "microcode", "agesa" };
	size_t end = at, start;

	if (end && redact_lower(s[end - 1]) == 'v')
		end--;
	if (end < at && (!end || !redact_is_word(s[end - 1])))
		return true;
	for (end = at; end && strchr(" ,:=(\"'[.", s[end - 1]);)
		end--;
	for (start = end; start && end - start < 32 && redact_is_word(s[start - 1]);)
		start--;
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (strlen(words[i]) == end - start && redact_starts(s + start, words[i]))
			return true;
	for (size_t k = start; k + strlen("version") <= end; k++)
		if (redact_starts(s + k, "version"))
			return true;
	return false;
}

/*
 * Four numbers up to 255 joined by dots, and no part of a longer such chain. Loopback,
 * "any" and masks tell nothing. What could be a version as well is taken for one where the
 * word before it says so, where it goes on behind a dash, or where all numbers are small.
 */
static size_t ipv4_length(const char *s, size_t from)
{
	size_t at = from;
	unsigned octet[4] = { 0 };
	bool small = true;

	for (int i = 0; i < 4; i++) {
		size_t digits = 0;
		if (s[at] == '0' && s[at + 1] >= '0' && s[at + 1] <= '9')
			return 0;
		while (s[at] >= '0' && s[at] <= '9' && digits++ < 4)
			octet[i] = octet[i] * 10 + (unsigned)(s[at++] - '0');
		if (!digits || digits > 3 || octet[i] > 255)
			return 0;
		small &= octet[i] < 32;
		if (i < 3 && s[at++] != '.')
			return 0;
	}
	bool home = octet[0] == 10 || (octet[0] == 192 && octet[1] == 168) ||
		(octet[0] == 172 && octet[1] >= 16 && octet[1] < 32) ||
		(octet[0] == 169 && octet[1] == 254);
	if (redact_is_word(s[at]) || octet[0] == 127 || octet[0] == 0 ||
		octet[0] == 255 || (s[at] == '.' && redact_is_word(s[at + 1])))
		return 0;
	if (is_version_before(s, from))
		return 0;
	if (!home && (small || s[at] == '-' || s[at] == '+' || s[at] == '~'))
		return 0;
	return at - from;
}

/* Eight groups, or fewer with one `::`; at least two groups and no other character. */
static size_t ipv6_length(const char *s)
{
	size_t at = 0, groups = 0, doubles = 0;

	for (;;) {
		size_t n = 0;
		while (n < 5 && hex_digit(s[at + n]) >= 0)
			n++;
		if (n > 4 || groups > 8)
			return 0;
		groups += n > 0;
		at += n;
		if (s[at] != ':')
			break;
		if (s[at + 1] == ':') {
			doubles++;
			at++;
		}
		if (s[at + 1] != ':' && hex_digit(s[at + 1]) < 0 && s[at - 1] != ':')
			break; /* a colon of the sentence */
		at++;
	}
	bool whole = groups == 8 && doubles == 0;
	bool shortened = doubles == 1 && groups >= 2 && groups < 8;
	return (whole || shortened) && !redact_is_word(s[at]) && s[at] != '.' ? at : 0;
}

/* `enx001122334455`: udev names network cards by their address (systemd.net-naming-
 * scheme(7)); `dev_00_11_…` is BlueZ's name of a device; `eui.`, `naa.`, `nvme.` and `wwn-`
 * are names of disks (nvme-cli, sg3_utils). How much of it stays. */
static const struct {
	const char *prefix;
	enum secret_kind kind;
} prefixed[] = {
	{ "enx", SECRET_MAC },
	{ "wlx", SECRET_MAC },
	{ "wwx", SECRET_MAC },
	{ "dev_", SECRET_MAC },
	{ "eui.", SECRET_WWN },
	{ "naa.", SECRET_WWN },
	{ "wwn-0x", SECRET_WWN },
	{ "wwn-", SECRET_WWN },
};

static struct secret_place prefixed_at(const char *s)
{
	for (size_t i = 0; i < sizeof prefixed / sizeof prefixed[0]; i++) {
		size_t keep = strlen(prefixed[i].prefix), n;
		if (!redact_starts(s, prefixed[i].prefix))
			continue;
		n = hex_run(s + keep);
		if (s[keep + 2] == '_')
			n = mac_length(s + keep);
		bool fits = prefixed[i].kind == SECRET_MAC ? n == 12 || n == 17
							   : n >= 8 && n <= 64;
		if (!fits)
			continue;
		if (redact_is_word(s[keep + n]))
			break;
		return (struct secret_place){ prefixed[i].kind, keep, n };
	}
	return (struct secret_place){ 0 };
}

/* Does S + AT stand behind this text? */
static bool is_behind(const char *s, size_t at, const char *text)
{
	size_t n = strlen(text);

	return at >= n && !memcmp(s + at - n, text, n);
}

/* `ACPI cmd 00/00:00:00:00:00:a0`: registers of a disk (drivers/ata/libata-acpi.c). */
static bool is_behind_register(const char *s, size_t at)
{
	return at > 3 && s[at - 1] == '/' && hex_before(s, at - 1) == 2 &&
		s[at - 4] == ' ';
}

static struct secret_place hex_at(const char *s, size_t at, bool version)
{
	const char *p = s + at;
	size_t n, before = at && s[at - 1] == ':' ? hex_before(s, at - 1) : 0;
	bool dotted = at > 1 && s[at - 1] == '.' && redact_is_word(s[at - 2]);

	/* Names of firmware interfaces are no names of things */
	if (is_behind(s, at, "WMI GUID ") || is_behind(s, at, "_DSM "))
		return (struct secret_place){ 0 };
	if ((n = shape_uuid(p)))
		return (struct secret_place){ SECRET_UUID, 0, n };
	if ((n = id_length(p)))
		return (struct secret_place){ SECRET_ID, 0, n };
	if (before != 8 && (n = md_uuid_length(p)))
		return (struct secret_place){ SECRET_UUID, 0, n };
	if (before != 2 && !is_behind_register(s, at) && (n = mac_length(p)))
		return (struct secret_place){ SECRET_MAC, 0, n };
	if (!dotted && !version && (n = ipv4_length(s, at)))
		return (struct secret_place){ SECRET_IP, 0, n };
	if (!before && (n = ipv6_length(p)))
		return (struct secret_place){ SECRET_IP, 0, n };
	return (struct secret_place){ 0 };
}

struct secret_place shape_at(const char *s, size_t at, bool version)
{
	const char *p = s + at;
	size_t n;

	if (hex_digit(*p) >= 0) {
		struct secret_place place = hex_at(s, at, version);
		if (place.n)
			return place;
	}
	if (strchr("enwdENWD", *p)) {
		struct secret_place place = prefixed_at(p);
		if (place.n)
			return place;
	}
	/* LVM's ids (lib/uuid/uuid.c of LVM2), then product keys */
	n = alnum_run(p, 7);
	if (n == 6 && p[6] == '-' && (n = dashed_length(p, "6444446")))
		return (struct secret_place){ SECRET_UUID, 0, n };
	if (n == 5 && p[5] == '-' && (n = dashed_length(p, "55555")) && is_key(p, n))
		return (struct secret_place){ SECRET_KEY, 0, n };
	return (struct secret_place){ 0 };
}
