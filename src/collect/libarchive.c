// SPDX-License-Identifier: GPL-2.0-or-later
// libarchive, loaded when there is an archive to read.
#include "collect/libarchive.h"

#include <dlfcn.h>
#include <string.h>

/* Its name since 2012 (libarchive 3); Debian 12 and 13 have it. */
static const char file[] = "libarchive.so.13";

/* False if the library lacks it. A pointer to a function is not converted from one to data:
 * dlsym(3), "the POSIX.1-2008 way". */
static bool find(void *library, const char *name, void *ret)
{
	void *address = dlsym(library, name);

	memcpy(ret, &address, sizeof address);
	return address;
}

static bool find_all(void *library, struct libarchive *ret)
{
	bool all = true;

#define FIND(name) all = find(library, #name, &ret->name) && all;
	LIBARCHIVE_FUNCTIONS(FIND)
#undef FIND
	return all;
}

const struct libarchive *libarchive_load(void)
{
	static struct libarchive functions;
	static void *library;
	static bool tried, complete;

	if (!tried) {
		tried = true;
		library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
		complete = library && find_all(library, &functions);
	}
	return complete ? &functions : NULL;
}
