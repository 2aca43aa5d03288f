// SPDX-License-Identifier: GPL-2.0-or-later
// The reports of supportconfig: outputs of commands and copies of files, under headings.
#include <string.h>

#include "base/text.h"
#include "collect/capture_parts.h"

/* Those with something that an audit reads, in supportutils' bin/supportconfig. */
static const char *const reports[] = { "basic-environment.txt", "boot.txt",
	"hardware.txt", "modules.txt", "proc.txt", "env.txt" };

/* Both `#==[ Command ]======#` and the name in the line behind it: bin/supportconfig.rc,
 * _log_cmd(), conf_files(), log_files(). */
enum heading { HEADING_NONE, HEADING_COMMAND, HEADING_FILE, HEADING_OTHER };

static enum heading heading_of(const char *line)
{
	if (!text_starts(line, "#==[ "))
		return HEADING_NONE;
	if (text_starts(line + 5, "Command ]"))
		return HEADING_COMMAND;
	return text_starts(line + 5, "Configuration File ]") ? HEADING_FILE
							     : HEADING_OTHER;
}

/* `/usr/bin/lspci -nn` as it is typed. */
static const char *command_of(const char *line)
{
	size_t n = strcspn(line, " ");

	while (n && line[n - 1] != '/')
		n--;
	return line + n;
}

/* A file that an audit reads, of which comments and blank lines are left out. */
static bool is_wanted(const char *command)
{
	static const char *const words[] = { "cat", "dmesg", "dmidecode", "lscpu",
		"lsmod", "lspci", "uname" };
	size_t n = strcspn(command, " ");

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (strlen(words[i]) == n && memcmp(words[i], command, n) == 0)
			return !text_starts(command, "lspci -b");
	return false;
}

/* The part under one heading: NAME is the line behind it, TEXT the rest, N bytes. */
static void section_import(struct capture *c, const char *path, enum heading heading,
	const char *name, const char *text, size_t n)
{
	const char *command;

	if (!text_starts(name, "# ") || strstr(name, " - File not found"))
		return;
	name += 2;
	if (heading == HEADING_FILE && *name == '/')
		command = arena_printf(c->scratch, "cat %s", name);
	else if (heading == HEADING_COMMAND)
		command = command_of(name);
	else
		return;
	if (is_wanted(command))
		capture_import(c, path, text, n, command);
}

static void report_import(struct capture *c, const char *path)
{
	enum heading heading = HEADING_NONE;
	const char *name = "", *start = NULL;
	size_t n;
	const char *text = capture_file(c, path, &n);

	for (const char *p = text; p;) {
		size_t len = strcspn(p, "\n");
		const char *next = p[len] ? p + len + 1 : NULL;
		enum heading now = heading_of(p);
		if (now && start)
			section_import(
				c, path, heading, name, start, (size_t)(p - start));
		if (now) {
			heading = now;
			size_t of_name = next ? strcspn(next, "\n") : 0;
			name = next ? arena_strndup(c->scratch, next, of_name) : "";
			start = next && next[of_name] ? next + of_name + 1 : NULL;
		}
		p = next;
	}
	if (start)
		section_import(c, path, heading, name, start, strlen(start));
}

void capture_support(struct capture *c)
{
	for (size_t i = 0; i < sizeof reports / sizeof reports[0]; i++)
		report_import(c, reports[i]);
}
