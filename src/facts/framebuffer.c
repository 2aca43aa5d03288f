// SPDX-License-Identifier: GPL-2.0-or-later
// The framebuffer that firmware left: who owns it, in whose BAR, whether it lets go.
#include <string.h>

#include "base/text.h"
#include "facts/derive.h"
#include "facts/kernel.h"
#include "facts/topology.h"

/*
 * Owners by the name they show: in /proc/fb the id of the fbdev driver (fix.id), in
 * /proc/iomem the name of the claimed range (drivers/video/fbdev, drivers/gpu/drm/tiny).
 * A DRM driver's fbdev is called NAMEdrmfb.
 */
static const struct owner {
	const char *driver;
	const char *fb;    /* /proc/fb */
	const char *iomem; /* /proc/iomem */
} owners[] = {
	{ "efifb", "EFI VGA", "efifb" },
	{ "vesafb", "VESA VGA", "vesafb" },
	{ "simpledrm", "simpledrmdrmfb", "simpledrm" },
	{ "simplefb", "simple", "simplefb" },
	{ "other", "efidrmdrmfb", "efidrm" },
	{ "other", "vesadrmdrmfb", "vesadrm" },
	{ "other", "ofdrmdrmfb", "ofdrm" },
};
enum { N_OWNERS = sizeof owners / sizeof owners[0] };

/* Devices that drivers/firmware/sysfb.c and sysfb_simplefb.c register, and the name of
 * the platform driver that binds them. */
static const char *const devices[] = { "simple-framebuffer", "efi-framebuffer",
	"vesa-framebuffer" };

/* The platform device of firmware's framebuffer, NULL if there is none. */
static const char *sysfb_device(const struct facts *f)
{
	for (size_t i = 0; i < f->snap->platform_devices.n; i++) {
		const char *name = f->snap->platform_devices.s[i];

		for (size_t k = 0; k < sizeof devices / sizeof devices[0]; k++) {
			size_t n = strlen(devices[k]);

			if (!strncmp(name, devices[k], n) && name[n] == '.')
				return name;
		}
	}
	return NULL;
}

/* `0 EFI VGA`: is NAME the whole of what follows the number? */
static bool fb_line_names(const char *line, const char *name)
{
	const char *p = line + strspn(line, "0123456789");

	return *p == ' ' && !strcmp(p + 1, name);
}

void derive_fb_driver(struct facts *f, const struct subject *s, struct fact *out)
{
	const char *fb = snap_str(f->snap->fb);
	size_t n = 0;
	char **lines = fb ? text_lines(f->arena, fb, &n) : NULL;

	(void)s;
	if (f->snap->fb.have == HAVE_NOT) {
		fact_missing(out, SOURCE_DISPLAYS);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < N_OWNERS; k++) {
			if (!fb_line_names(lines[i], owners[k].fb))
				continue;
			fact_seen(f, out, "/proc/fb", lines[i]);
			fact_set_text(out, owners[k].driver);
			return;
		}
	}
	/* A DRM driver built without fbdev emulation is in no list but that of the cards
	 */
	for (size_t i = 0; i < f->snap->cards.n; i++) {
		if (text_equal(
			    snap_str(f->snap->cards.v[i].driver), "simple-framebuffer")) {
			fact_set_text(out, "simpledrm");
			return;
		}
	}
	if (f->snap->fb.have == HAVE_NONE && f->snap->cards.have == HAVE_NOT)
		fact_missing(out, SOURCE_DISPLAYS);
	else
		fact_set_none(out);
}

void derive_fb_by_sysfb(struct facts *f, const struct subject *s, struct fact *out)
{
	const char *device = sysfb_device(f);

	(void)s;
	if (f->snap->platform_devices.have == HAVE_NOT) {
		fact_missing(out, SOURCE_DISPLAYS);
		return;
	}
	if (device)
		fact_seen(f, out, "/sys/bus/platform/devices", device);
	fact_set_bool(out, device != NULL);
}

/* A range of a firmware framebuffer inside a BAR of FN. */
struct overlap {
	const struct snap_region *region;
	const char *owner;
	size_t bar;
};

/* Driver behind a range, NULL if it is no firmware framebuffer. */
static const char *owner_of(const struct snap_region *r)
{
	for (size_t i = 0; i < N_OWNERS; i++) {
		if (!strcmp(r->name, owners[i].iomem))
			return owners[i].driver;
	}
	/* sysfb_simplefb.c claims it for whoever drives it; the driver's own range is
	 * below */
	return text_starts(r->name, "BOOTFB") ? "BOOTFB" : NULL;
}

/* Can /proc/iomem be believed? Without root it has zeros (kernel/resource.c, r_show()).
 */
static bool iomem_known(const struct facts *f)
{
	for (size_t i = 0; i < f->snap->iomem.n; i++) {
		if (f->snap->iomem.v[i].end.have == HAVE_VALUE &&
			f->snap->iomem.v[i].end.v)
			return snapshot_status(f->snap, SOURCE_IOMEM) == STATUS_OK;
	}
	return false;
}

/* FALSE: no framebuffer in its BARs. */
static enum tri find_overlap(struct facts *f, const struct fn *fn, struct overlap *ret)
{
	const char *driver = host_text(f, "fb.driver");
	bool found = false;

	if (!fn || !fn->raw || fn->raw->resources.have == HAVE_NOT || !iomem_known(f))
		return TRI_UNKNOWN;
	for (size_t i = 0; i < f->snap->iomem.n; i++) {
		const struct snap_region *r = &f->snap->iomem.v[i];
		const char *owner = owner_of(r);

		for (size_t k = 0; owner && k < N_BARS; k++) {
			struct bar bar;

			if (!fn_bar(fn, k, &bar) || !(bar.flags & BAR_MEM) ||
				r->start.v > bar.end || r->end.v < bar.start)
				continue;
			*ret = (struct overlap){ .region = r, .owner = owner, .bar = k };
			found = true;
		}
		if (found && strcmp(ret->owner, "BOOTFB") != 0)
			return TRI_TRUE;
	}
	if (found)
		ret->owner = driver ? driver : "other";
	return tri_of(found);
}

/* The overlap; notes what is missing, or that there is none, in *OUT. */
static bool has_overlap(
	struct facts *f, const struct subject *s, struct fact *out, struct overlap *ret)
{
	switch (find_overlap(f, s->fn, ret)) {
	case TRI_TRUE:
		fact_seen(f, out, "/proc/iomem",
			arena_printf(f->arena, "%llx-%llx : %s",
				(unsigned long long)ret->region->start.v,
				(unsigned long long)ret->region->end.v,
				ret->region->name));
		return true;
	case TRI_FALSE:
		if (out->type == FACT_BOOL)
			fact_set_bool(out, false);
		else
			fact_set_none(out);
		return false;
	default:
		fact_missing(out, SOURCE_IOMEM);
		return false;
	}
}

enum { CLASS_VGA = 0x0300 };

/*
 * vfio_pci_core evicts the framebuffer when it binds, since 6.0 and for VGA controllers
 * only (drivers/vfio/pci/vfio_pci_core.c, vfio_pci_vga_init(): class 0300). A range that
 * is still there when the function is on vfio-pci stays, whatever the kernel.
 */
void derive_target_fb_stays(struct facts *f, const struct subject *s, struct fact *out)
{
	struct overlap overlap;
	enum tri evicts = kernel_at_least(f, 6, 0, 0);

	if (!has_overlap(f, s, out, &overlap))
		return;
	if (s->fn->class_code != UINT32_MAX && s->fn->class_code >> 8 != CLASS_VGA)
		evicts = TRI_FALSE;
	else if (s->fn->class_code == UINT32_MAX)
		evicts = evicts == TRI_FALSE ? TRI_FALSE : TRI_UNKNOWN;
	if (s->fn->on_vfio == TRI_TRUE)
		fact_set_bool(out, true);
	else if (evicts != TRI_UNKNOWN && s->fn->on_vfio != TRI_UNKNOWN)
		fact_set_bool(out, evicts == TRI_FALSE);
	else if (evicts == TRI_FALSE)
		fact_set_bool(out, true);
	else
		out->missing |= 1u << SOURCE_KERNEL | 1u << SOURCE_PCI;
}

void derive_target_fb_owner(struct facts *f, const struct subject *s, struct fact *out)
{
	struct overlap overlap;

	/* Where nobody drives it the range's own name says most */
	if (has_overlap(f, s, out, &overlap))
		fact_set_text(out,
			strcmp(overlap.owner, "other") != 0 ? overlap.owner
							    : overlap.region->name);
}

void derive_target_fb_bar(struct facts *f, const struct subject *s, struct fact *out)
{
	struct overlap overlap;

	if (has_overlap(f, s, out, &overlap))
		fact_set_text(out, arena_printf(f->arena, "%zu", overlap.bar));
}

void derive_target_fb_release(struct facts *f, const struct subject *s, struct fact *out)
{
	struct overlap overlap;
	const char *device = sysfb_device(f);

	if (!has_overlap(f, s, out, &overlap))
		return;
	if (f->snap->platform_devices.have == HAVE_NOT) {
		fact_missing(out, SOURCE_DISPLAYS);
		return;
	}
	if (!device) {
		fact_set_none(out);
		return;
	}
	fact_set_text(out,
		arena_printf(f->arena, "echo %s > /sys/bus/platform/drivers/%.*s/unbind",
			device, (int)strcspn(device, "."), device));
}
