// SPDX-License-Identifier: GPL-2.0-or-later
// Which modules on disk would drive a PCI function, by modules.alias.
#include "collect/pci_modules.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/glob.h"
#include "base/text.h"
#include "collect/lines.h"

enum { MODALIAS_SIZE = 64 };

/* What the kernel would say in `modalias`: drivers/pci/pci-driver.c, pci_uevent(). */
struct wanted {
	char modalias[MODALIAS_SIZE];
	struct snap_pci *function;
};

struct pass {
	struct snapshot *s;
	struct wanted *wanted;
	size_t n;
};

static bool modalias_of(const struct snap_pci *p, char ret[MODALIAS_SIZE])
{
	uint64_t c = p->class_code.v;

	if (p->vendor.have != HAVE_VALUE || p->class_code.have != HAVE_VALUE)
		return false;
	snprintf(ret, MODALIAS_SIZE,
		"pci:v%08" PRIX64 "d%08" PRIX64 "sv%08" PRIX64 "sd%08" PRIX64
		"bc%02" PRIX64 "sc%02" PRIX64 "i%02" PRIX64,
		p->vendor.v, p->device.v, p->subvendor.v, p->subdevice.v, c >> 16 & 0xff,
		c >> 8 & 0xff, c & 0xff);
	return true;
}

static void name_add(struct snapshot *s, struct snap_texts *names, const char *name)
{
	for (size_t i = 0; i < names->n; i++)
		if (strcmp(names->s[i], name) == 0)
			return;
	snap_texts_add(s, names, name);
}

/* `alias pci:v00008086d00001533sv*sd*bc*sc*i* igb` */
static void read_line(void *context, char *line, size_t n)
{
	enum { BEFORE_VENDOR = 5, WITH_VENDOR = 13 }; /* bytes of `pci:v00008086` */
	struct pass *pass = context;
	char *pattern = line + strlen("alias "), *name;

	if (n < strlen("alias pci:v*") || memcmp(line, "alias pci:v", 11) != 0)
		return;
	name = strchr(pattern, ' ');
	if (!name)
		return;
	*name++ = '\0';
	for (size_t i = 0; i < pass->n; i++) {
		struct wanted *w = &pass->wanted[i];

		/* Nearly all patterns name a vendor, so this decides nearly all. */
		if (pattern[BEFORE_VENDOR] != '*' &&
			strncmp(pattern, w->modalias, WITH_VENDOR) != 0)
			continue;
		if (glob_match(pattern, w->modalias))
			name_add(pass->s, &w->function->modules, name);
	}
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

enum source_status pci_read_modules(
	struct snapshot *s, const struct root *r, const char *path)
{
	struct arena *scratch = arena_new();
	struct pass pass = { .s = s };
	enum source_status status;

	for (size_t i = 0; i < s->pci.n; i++) {
		struct wanted w = { .function = &s->pci.v[i] };

		if (modalias_of(w.function, w.modalias))
			*arena_push(scratch, pass.wanted, pass.n) = w;
	}
	status = lines_each(r, path, read_line, &pass);
	for (size_t i = 0; i < pass.n; i++) {
		struct snap_texts *names = &pass.wanted[i].function->modules;

		if (status != STATUS_OK)
			*names = (struct snap_texts){ 0 };
		else
			snap_list_collected(names);
		if (names->n)
			qsort(names->s, names->n, sizeof *names->s, by_name);
	}
	arena_free(scratch);
	return status;
}
