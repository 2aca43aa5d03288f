// SPDX-License-Identifier: GPL-2.0-or-later
// Fuzzes archives: unpacked, and read as what another tool gathered.
#include <sys/mman.h>
#include <unistd.h>

#include "collect/capture.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[64];
	int fd = memfd_create("archive", MFD_CLOEXEC);
	struct arena *a = arena_new();
	struct capture_error error = { 0 };
	struct import *im = import_new();

	if (fd < 0 || write(fd, data, size) < 0)
		abort();
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	if (capture_is(path) && !capture_read(im, path, private_names_new(a), &error) &&
		!text_is_clean(error.message, strlen(error.message)))
		abort();
	close(fd);
	struct snapshot *s = import_finish(im);
	import_free(im);
	fuzz_round_trip(s);
	fuzz_judge(s, 0);
	snapshot_free(s);
	arena_free(a);
	return 0;
}
