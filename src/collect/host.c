// SPDX-License-Identifier: GPL-2.0-or-later
// The surroundings that are no device: board, firmware, hypervisor, memory, limits.
#include <string.h>
#include <sys/resource.h>

#include "base/text.h"
#include "collect/container.h"
#include "collect/sources.h"
#include "import/os.h"

/* Serial numbers and UUIDs lie in the same directory: only what is named here is read. */
static void dmi_collect(struct snapshot *s, const struct root *r)
{
	static const char dir[] = "sys/class/dmi/id";
	struct snap_dmi *d = &s->host.dmi;
	const struct {
		const char *name;
		struct snap_text *field;
	} rows[] = {
		{ "sys_vendor", &d->sys_vendor },
		{ "product_name", &d->product_name },
		{ "board_vendor", &d->board_vendor },
		{ "board_name", &d->board_name },
		{ "bios_vendor", &d->bios_vendor },
		{ "bios_version", &d->bios_version },
		{ "bios_date", &d->bios_date },
	};
	char **names;
	size_t n;
	enum source_status status = root_list(r, s->arena, dir, &names, &n);

	if (status != STATUS_OK) {
		snapshot_set_status(s, SOURCE_DMI, status, "no /sys/class/dmi/id");
		return;
	}
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		*rows[i].field = root_read_attr(
			r, s, arena_printf(s->arena, "%s/%s", dir, rows[i].name));
	d->chassis_type = root_read_int(r, s, "sys/class/dmi/id/chassis_type");
	snapshot_set_status(s, SOURCE_DMI, STATUS_OK, NULL);
}

/* UTF-16LE of an EFI variable; what is no ASCII becomes `?`: loaders use none. */
static char *utf16_ascii(struct arena *a, const uint8_t *p, size_t n)
{
	char *out = arena_alloc(a, n / 2 + 1);
	size_t len = 0;

	for (size_t i = 0; i + 1 < n; i += 2) {
		unsigned c = p[i] | (unsigned)p[i + 1] << 8;
		if (!c)
			break;
		out[len++] = c < 0x80 ? (char)c : '?';
	}
	return out;
}

enum {
	EFI_ATTRIBUTES = 4
}; /* bytes before the value: Documentation/filesystems/efivarfs.rst */

/* A text that the loader left: https://systemd.io/BOOT_LOADER_INTERFACE/ */
static struct snap_text loader_variable(
	struct snapshot *s, const struct root *r, const char *name)
{
	struct root_bytes got = root_read(r, s->arena,
		arena_printf(s->arena,
			"sys/firmware/efi/efivars/%s-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f",
			name),
		ROOT_SMALL);

	if (got.status == STATUS_OK && got.n > EFI_ATTRIBUTES)
		return snap_text_of(s,
			utf16_ascii(s->arena, got.p + EFI_ATTRIBUTES,
				got.n - EFI_ATTRIBUTES));
	return got.status == STATUS_ABSENT ? snap_text_none() : (struct snap_text){ 0 };
}

static void efi_variables(struct snapshot *s, const struct root *r)
{
	static const char dir[] = "sys/firmware/efi/efivars";
	char **names;
	size_t n;

	/* efivarfs is not mounted everywhere */
	if (root_list(r, s->arena, dir, &names, &n) != STATUS_OK || n == 0)
		return;
	s->host.loader_info = loader_variable(s, r, "LoaderInfo");
	s->host.loader_entry = loader_variable(s, r, "LoaderEntrySelected");
	struct root_bytes got = root_read(r, s->arena,
		"sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c",
		ROOT_SMALL);
	if (got.status == STATUS_OK && got.n > EFI_ATTRIBUTES)
		s->host.secure_boot = snap_bool_of(got.p[EFI_ATTRIBUTES] == 1);
	else if (got.status == STATUS_ABSENT)
		s->host.secure_boot = snap_bool_of(false);
}

static void firmware_collect(struct snapshot *s, const struct root *r)
{
	bool efi = root_exists(r, "sys/firmware/efi");

	if (!efi &&
		(!root_exists(r, "sys/firmware") ||
			root_stat(r, "sys/firmware/efi", false).kind == ROOT_UNKNOWN))
		return;
	s->host.efi = snap_bool_of(efi);
	if (efi) {
		efi_variables(s, r);
		return;
	}
	s->host.loader_info = snap_text_none();
	s->host.loader_entry = snap_text_none();
	s->host.secure_boot = snap_bool_of(false);
}

static void hypervisor_collect(struct snapshot *s, const struct root *r)
{
	/* A tree without the directory was copied without it: its kernel has it or not */
	if (r->live || root_exists(r, "sys/hypervisor"))
		s->host.hypervisor = root_read_attr(r, s, "sys/hypervisor/type");
	if (r->live || root_exists(r, "proc/xen"))
		s->host.xen_caps = root_read_attr(r, s, "proc/xen/capabilities");
}

static void release_collect(struct snapshot *s, const struct root *r)
{
	const char *text = root_read_text(r, s->arena, "etc/os-release", ROOT_SMALL);

	if (!text)
		text = root_read_text(r, s->arena, "usr/lib/os-release", ROOT_SMALL);
	if (!text)
		return;
	s->host.os_id = os_release_value(s, text, "ID=");
	s->host.os_name = os_release_value(s, text, "PRETTY_NAME=");
}

/* The number behind `KEY` at the start of a line. */
static struct snap_int line_number(struct snapshot *s, const char *text, const char *key)
{
	size_t n;
	char **lines = text_lines(s->arena, text, &n);
	int64_t v;

	for (size_t i = 0; i < n; i++) {
		if (!text_starts(lines[i], key))
			continue;
		const char *p = lines[i] + strlen(key);
		p += strspn(p, " \t");
		if (text_to_int(arena_strndup(s->arena, p, strspn(p, "0123456789")), &v))
			return snap_int_of(v);
	}
	return (struct snap_int){ 0 };
}

static void limits_collect(struct snapshot *s, const struct root *r)
{
	const char *text = root_read_text(r, s->arena, "proc/meminfo", ROOT_SMALL);
	struct rlimit limit;

	if (text) {
		s->host.mem_total_kib = line_number(s, text, "MemTotal:");
		s->host.mem_available_kib = line_number(s, text, "MemAvailable:");
	}
	if (r->live && getrlimit(RLIMIT_MEMLOCK, &limit) == 0)
		s->host.memlock_bytes = snap_int_of(
			limit.rlim_cur == RLIM_INFINITY ? -1 : (int64_t)limit.rlim_cur);
	snapshot_set_status(s, SOURCE_LIMITS, text ? STATUS_OK : STATUS_ABSENT,
		text ? NULL : "no /proc/meminfo");
}

void collect_host(
	struct snapshot *s, const struct root *r, const struct collect_options *options)
{
	(void)options;
	dmi_collect(s, r);
	firmware_collect(s, r);
	hypervisor_collect(s, r);
	release_collect(s, r);
	limits_collect(s, r);
	const char *stat = root_read_text(r, s->arena, "proc/stat", ROOT_LARGE);
	if (stat)
		s->host.boot_time = line_number(s, stat, "btime");
	collect_container(s, r);
}
