// SPDX-License-Identifier: GPL-2.0-or-later
// DRM cards, framebuffers, and the map of physical memory that names their owners.
#include <string.h>

#include "base/bdf.h"
#include "base/text.h"
#include "collect/sources.h"
#include "collect/syspath.h"
#include "import/iomem.h"

static bool is_numbered(const char *name, const char *prefix)
{
	size_t n = strlen(prefix);

	return text_starts(name, prefix) && name[n] &&
		strspn(name + n, "0123456789") == strlen(name + n);
}

/*
 * The device of a card: the PCI function it lies below, so that a firmware framebuffer
 * names the card it draws on (its parent since 6.9); else the platform device.
 */
static void card_add(
	struct snapshot *s, const struct root *r, const char *class_dir, const char *name)
{
	const char *path = arena_printf(s->arena, "sys/class/%s/%s", class_dir, name);
	const char *link = snap_str(root_read_link(r, s, path));
	struct snap_card *card = snap_list_add(s, &s->cards);

	card->name = text_clean_line(s->arena, name, strlen(name));
	card->connectors.have = HAVE_VALUE;
	const char *parent = link ? syspath_parent(s->arena, link, class_dir) : NULL;
	if (!parent)
		return;
	/* The link of a copied tree may lead to a directory that was not copied */
	if (root_exists(r, parent))
		card->driver = root_read_link_name(
			r, s, arena_printf(s->arena, "%s/driver", parent));
	const char *pci = syspath_pci(s->arena, link);
	const char *last = strrchr(parent, '/');
	card->device = snap_line_of(s, pci ? pci : last ? last + 1 : parent);
}

/* `card0-HDMI-A-1` belongs to the card that was added before (names are sorted). */
static void connector_add(struct snapshot *s, const struct root *r, const char *name)
{
	size_t n = strcspn(name, "-");

	for (size_t i = 0; i < s->cards.n; i++) {
		struct snap_card *card = &s->cards.v[i];
		if (strlen(card->name) != n || memcmp(card->name, name, n) != 0)
			continue;
		struct snap_connector *c = snap_list_add(s, &card->connectors);
		c->name = text_clean_line(s->arena, name, strlen(name));
		c->status = root_read_attr(
			r, s, arena_printf(s->arena, "sys/class/drm/%s/status", name));
		return;
	}
}

static enum source_status drm_collect(struct snapshot *s, const struct root *r)
{
	char **names;
	size_t n;
	enum source_status status = root_list(r, s->arena, "sys/class/drm", &names, &n);

	if (status != STATUS_OK)
		return status;
	snap_list_collected(&s->cards);
	for (size_t i = 0; i < n; i++)
		if (is_numbered(names[i], "card"))
			card_add(s, r, "drm", names[i]);
	for (size_t i = 0; i < n; i++)
		if (text_starts(names[i], "card") && strchr(names[i], '-'))
			connector_add(s, r, names[i]);
	return STATUS_OK;
}

static enum source_status graphics_collect(struct snapshot *s, const struct root *r)
{
	char **names;
	size_t n;
	enum source_status status =
		root_list(r, s->arena, "sys/class/graphics", &names, &n);

	if (status != STATUS_OK)
		return status;
	snap_list_collected(&s->cards);
	for (size_t i = 0; i < n; i++)
		if (is_numbered(names[i], "fb"))
			card_add(s, r, "graphics", names[i]);
	return STATUS_OK;
}

static enum source_status platform_collect(struct snapshot *s, const struct root *r)
{
	char **names;
	size_t n;
	enum source_status status =
		root_list(r, s->arena, "sys/bus/platform/devices", &names, &n);

	if (status != STATUS_OK)
		return status;
	snap_list_collected(&s->platform_devices);
	for (size_t i = 0; i < n; i++)
		snap_texts_add(s, &s->platform_devices, names[i]);
	return STATUS_OK;
}

/* /proc/fb: not built in, null; empty, the empty text. */
static void fb_collect(struct snapshot *s, const struct root *r)
{
	struct root_bytes got = root_read(r, s->arena, "proc/fb", ROOT_SMALL);

	while (got.n && got.p[got.n - 1] == '\n')
		got.n--;
	if (got.status == STATUS_OK)
		s->fb = snap_text_of_mem(s, got.p, got.n);
	else if (got.status == STATUS_ABSENT && root_exists(r, "proc/version"))
		s->fb = snap_text_none();
}

static void iomem_collect(struct snapshot *s, const struct root *r)
{
	struct root_bytes got = root_read(r, s->arena, "proc/iomem", 1 << 20);
	size_t n = 0;

	if (got.status != STATUS_OK) {
		snapshot_set_status(s, SOURCE_IOMEM, got.status, "no whole /proc/iomem");
		return;
	}
	char **lines =
		text_lines(s->arena, text_clean(s->arena, (char *)got.p, got.n), &n);
	for (size_t i = 0; i < n; i++) {
		struct snap_region region;
		if (iomem_line_parse(s, lines[i], &region))
			*snap_list_add(s, &s->iomem) = region;
	}
	if (!iomem_is_masked(s)) {
		snapshot_set_status(s, SOURCE_IOMEM, STATUS_OK, NULL);
		return;
	}
	s->iomem.n = 0;
	s->iomem.v = NULL;
	s->iomem.have = HAVE_NOT;
	snapshot_set_status(
		s, SOURCE_IOMEM, STATUS_DENIED, "all addresses are 0, needs root");
}

void collect_displays(
	struct snapshot *s, const struct root *r, const struct collect_options *options)
{
	(void)options;
	enum source_status drm = drm_collect(s, r);
	enum source_status graphics = graphics_collect(s, r);
	enum source_status platform = platform_collect(s, r);
	bool some = drm == STATUS_OK || graphics == STATUS_OK || platform == STATUS_OK;

	fb_collect(s, r);
	/* A kernel without DRM or fbdev has no such class: not a loss */
	if (some && !s->cards.have)
		snap_list_collected(&s->cards);
	snapshot_set_status(s, SOURCE_DISPLAYS, some ? STATUS_OK : drm,
		some ? NULL : "no /sys/class/drm, /sys/class/graphics or platform bus");
	iomem_collect(s, r);
}
