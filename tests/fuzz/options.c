// SPDX-License-Identifier: GPL-2.0-or-later
// Fuzzes options and waivers: each line is an argument; what stands behind an empty line is a
// file of waivers.
#include <getopt.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cli/cli.h"
#include "fuzz.h"

enum { MOST = 64 };

static int unused(const struct options *o)
{
	(void)o;
	return 0;
}

static const struct verb verb = {
	.name = "",
	.usage = "[OPTION]… [FILE|-]",
	.summary = "fuzzed",
	.options = "fgrRlcCkbwWo",
	.formats = "text, json",
	.most_args = 4,
	.file_argument = 1,
	.run = unused,
};

/* Waivers from TEXT, by way of a file. */
static void read_waivers(struct options *o, const char *text)
{
	char path[64];
	const char *files[] = { path };
	int fd = memfd_create("waivers", MFD_CLOEXEC), status = 0;
	struct waivers waivers;

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		abort();
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	o->waiver_files = files;
	o->n_waiver_files = 1;
	waivers_read(o, fuzz_rules(), &waivers, &status);
	close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size), *file = strstr(text, "\n\n"), *rest = text;
	char name[] = "vfio-doctor", *args[MOST + 2] = { name };
	struct options o;
	bool done = false;
	int n = 1;

	if (file) {
		*file = '\0';
		file += 2;
	}
	while (n <= MOST && rest && *rest)
		args[n++] = strsep(&rest, "\n");
	optind = 0; /* getopt(3): begins anew */
	if (options_read(&verb, n, args, &o, &done)) {
		read_waivers(&o, file ? file : "");
		arena_free(o.arena);
	}
	free(text);
	return 0;
}
