// SPDX-License-Identifier: GPL-2.0-or-later
// What hw-probe writes in forms of its own: DMI names, and modprobe.d as one file.
#include <string.h>

#include "base/text.h"
#include "collect/capture_parts.h"
#include "import/format.h"

/* `board_name: X570 AORUS`; hw-probe leaves out what is empty (hw-probe.pl, probeDmi()). */
static void dmi_import(struct capture *c)
{
	struct snapshot *s = c->im->snap;
	struct snap_dmi *d = &s->host.dmi;
	const struct {
		const char *key;
		struct snap_text *to;
	} rows[] = {
		{ "sys_vendor: ", &d->sys_vendor },
		{ "product_name: ", &d->product_name },
		{ "board_vendor: ", &d->board_vendor },
		{ "board_name: ", &d->board_name },
		{ "bios_vendor: ", &d->bios_vendor },
		{ "bios_version: ", &d->bios_version },
		{ "bios_date: ", &d->bios_date },
	};
	size_t n, n_lines, found = 0;
	int64_t chassis;
	const char *text = capture_file(c, "logs/dmi_id", &n);
	char **lines = text ? text_lines(c->scratch, text, &n_lines) : NULL;

	for (size_t i = 0; text && i < n_lines; i++) {
		const char *value = strchr(lines[i], ' ');
		if (text_starts(lines[i], "chassis_type: ") &&
			text_to_int(value + 1, &chassis))
			d->chassis_type = snap_int_of(chassis);
		for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++)
			if (text_starts(lines[i], rows[k].key) &&
				rows[k].to->have != HAVE_VALUE && ++found)
				*rows[k].to = snap_line_of(s, value + 1);
	}
	if (found)
		import_source(c->im, SOURCE_DMI, true);
}

/* A line of as many dashes as the name above it has characters. */
static bool is_underline(const char *line, const char *name)
{
	size_t n = strlen(name);

	return n && strspn(line, "-") == n && !line[n];
}

/*
 * All files of /etc/modprobe.d, each under its underlined name. Comments were cut out with
 * the line feed behind them (hw-probe.pl, listing "modprobe.d").
 */
static void modprobe_import(struct capture *c)
{
	size_t n, n_lines = 0;
	const char *text = capture_file(c, "logs/modprobe.d", &n);
	char **lines = text ? text_lines(c->scratch, text, &n_lines) : NULL;
	struct strbuf b = { 0 };
	const char *name = NULL;

	for (size_t i = 0; i <= n_lines; i++) {
		bool heads = i + 1 < n_lines && is_underline(lines[i + 1], lines[i]);
		if ((heads || i == n_lines) && name)
			capture_import(c, "logs/modprobe.d", strbuf_text(&b), b.len,
				arena_printf(c->scratch, "cat /etc/modprobe.d/%s", name));
		if (heads) {
			name = lines[i++];
			strbuf_truncate(&b, 0);
		} else if (i < n_lines) {
			strbuf_add(&b, lines[i]);
			strbuf_add_char(&b, '\n');
		}
	}
	strbuf_free(&b);
}

void capture_probe(struct capture *c)
{
	dmi_import(c);
	modprobe_import(c);
}
