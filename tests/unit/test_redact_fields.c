// SPDX-License-Identifier: GPL-2.0-or-later
// Plants secrets in every text field of a snapshot and finds none in any output.
#include <stdlib.h>

#include "plan/plan.h"
#include "report/plan_report.h"
#include "report/report.h"
#include "snapshot/codec.h"
#include "snapshot/fields.h"
#include "snapshot/redact.h"

#include "tap.h"

#define PLANT(text_, ...)                                                                \
	{                                                                                \
		.text = text_, .secret = __VA_ARGS__                                     \
	}

/* One secret a row, in forms in which such texts hold it, and what must not be seen. */
static const struct {
	const char *text, *secret;
	bool number; /* an IPv4 address: a version may look like it */
	bool word;   /* a name that only its being known gives away */
} plants[] = {
	PLANT("eth0: 3C:7c:3f:aa:bb:01 is up", "7c:3f:aa:bb:01"),
	PLANT("enx3c7c3faabb02", "3c7c3faabb02"),
	PLANT("Device Serial Number 3c-7c-3f-ff-ff-aa-bb-03", "aa-bb-03"),
	PLANT("root=UUID=0a1b2c3d-0000-1111-2222-333344445501", "0a1b2c3d"),
	PLANT("resume=UUID=1A2B-3C4E", "1A2B-3C4E"),
	PLANT("/efi/0123456789abcdef0123456789abcde1/6.1", "0123456789abcdef"),
	PLANT("ip=192.168.77.12::192.168.77.1:255.255.255.0:queenhost:eth0", "192.168.77",
		.number = true),
	PLANT("ip=:::255.255.255.0:queenhost:eth0:off", "queenhost"),
	PLANT("from fe80::1c2d:3aff:fe00:77 on", "1c2d:3aff"),
	PLANT("usb 1-2: SerialNumber: 4C530001A77", "4C530001A77"),
	PLANT("wwn-0x5000c500a1b2c3d4", "a1b2c3d4"),
	PLANT("/dev/disk/by-id/ata-Samsung_S4EVNF0M9", "S4EVNF0M9"),
	PLANT("root=/dev/mapper/rabbit--hole-lv1", "rabbit"),
	PLANT("/dev/rabbit-hole/lv1", "rabbit"),
	PLANT("root=ZFS=rabbithole/ROOT/x", "rabbithole"),
	PLANT("rd.luks.name=0a1b2c3d-0000-1111-2222-333344445501=teaparty", "teaparty"),
	PLANT("cryptdevice=PARTLABEL=looking:teaparty", "teaparty"),
	PLANT("root=LABEL=cheshire", "cheshire"),
	PLANT("/home/madhatter/vbios.rom", "madhatter"),
	PLANT("Hostname set to <marchhare>.", "marchhare"),
	PLANT("wonderland kernel: alice was here", "wonderland", .word = true),
	PLANT("of Alice at Wonderland", "Alice", .word = true),
	PLANT("write to white.rabbit@example.org", "white.rabbit"),
	PLANT("/etc/libvirt/qemu/jabberwock.xml", "jabberwock"),
	PLANT("Domain 'jabberwock'", "jabberwock"),
	PLANT("guest=bandersnatch,debug", "bandersnatch"),
	PLANT("wifi.psk=offwithherhead", "offwithherhead"),
	PLANT("VK7JG-NPHTM-C97JM-9MPGT-3V66T", "NPHTM"),
	PLANT("(dodo@caucus)", "caucus"),
};

enum { N_PLANTS = sizeof plants / sizeof plants[0] };

static void fill_record(
	struct snapshot *s, const struct record *rec, void *p, size_t plant);

static void fill_list(struct snapshot *s, const struct field *f, void *at, size_t plant)
{
	struct {
		enum have have;
		char *v;
		size_t n;
	} list = { HAVE_VALUE, arena_alloc(s->arena, f->of->size), 1 };

	fill_record(s, f->of, list.v, plant);
	memcpy(at, &list, sizeof list);
}

/* Every text of the record is the same one; its other fields have some value. */
static void fill_record(
	struct snapshot *s, const struct record *rec, void *p, size_t plant)
{
	const char *text = plants[plant].text;

	for (size_t i = 0; i < rec->n; i++) {
		const struct field *f = &rec->fields[i];
		void *at = (char *)p + f->offset;

		if (plants[plant].number && f->version)
			text = "1.2.3.4";
		else
			text = plants[plant].text;
		if (f->type == FIELD_NAME)
			*(const char **)at = text;
		else if (f->type == FIELD_TEXT)
			*(struct snap_text *)at = snap_text_of(s, text);
		else if (f->type == FIELD_TEXTS)
			snap_texts_add(s, at, text);
		else if (f->type == FIELD_ADDRESS)
			*(const char **)at = "0000:01:00.0";
		else if (f->type == FIELD_HEX)
			*(struct snap_hex *)at = snap_hex_of(1);
		else if (f->type == FIELD_INT)
			*(struct snap_int *)at = snap_int_of(1);
		else if (f->type == FIELD_BOOL)
			*(struct snap_bool *)at = snap_bool_of(true);
		else if (f->type == FIELD_RECORD)
			fill_record(s, f->of, at, plant);
		else if (f->type == FIELD_LIST)
			fill_list(s, f, at, plant);
	}
}

/* A word of drivers, modules and models is no name even if somebody bears it (redact.c):
 * where those stand, a bare name is not planted. */
static void plant_no_vocabulary(struct snapshot *s)
{
	struct snap_dmi *dmi = &s->host.dmi;
	struct snap_text *const texts[] = { &s->pci.v[0].driver, &s->pci.v[0].vendor_name,
		&s->pci.v[0].device_name, &s->cpu.model_name, &s->host.os_name,
		&dmi->sys_vendor, &dmi->product_name, &dmi->board_vendor,
		&dmi->board_name };

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		*texts[i] = snap_text_of(s, "Some thing");
	s->pci.v[0].modules.n = 0;
	s->modules.v[0].name = s->parameters.v[0].module = s->parameters.v[0].name =
		"kvm";
}

/* Everything that the program can say about the snapshot. */
static char *outputs(const struct snapshot *s, const struct rule_set *rules)
{
	const char *const guest = "0000:01:00.0";
	struct facts *f =
		facts_new(s, &(struct facts_request){ .guests = &guest, .n_guests = 1 });
	struct judgement *j = judge(f, rules);
	struct report_options options = { .width = 10000, .now = 1 };
	struct arena *a = arena_new();
	char *text = NULL;
	size_t n;
	FILE *out = open_memstream(&text, &n);

	fputs(snapshot_write(s, a), out);
	for (size_t i = 0; i < n_report_formats; i++)
		report_formats[i].write(j, &options, out);
	if (f->n_fns)
		explain_device(j, &f->fns[0], &options, out);
	struct plan *p = plan_new(j);
	fprintf(out, "%s\n", p->refusal ? p->refusal : "");
	plan_free(p);
	fclose(out);
	arena_free(a);
	judgement_free(j);
	facts_free(f);
	return text;
}

TEST(no_secret_is_in_any_output)
{
	struct rule_error error;
	struct rule_set *rules = rule_set_load(NULL, &error);

	ok(rules != NULL);
	for (size_t i = 0; rules && i < N_PLANTS; i++) {
		struct snapshot *s = snapshot_new();
		fill_record(s, &snapshot_record, s, i);
		if (plants[i].word)
			plant_no_vocabulary(s);
		char *before = outputs(s, rules);
		struct private_names *names = private_names_new(s->arena);
		private_names_add(names, PRIVATE_HOST, "wonderland.example.org", 22);
		private_names_add(names, PRIVATE_USER, "alice", 5);
		snapshot_redact(s, names);
		char *after = outputs(s, rules);
		if (!strstr(before, plants[i].secret))
			tap_fail("%s was not planted", plants[i].secret);
		const char *leak = strcasestr(after, plants[i].secret);
		if (leak)
			tap_fail("%s leaks: %.*s", plants[i].text, 60,
				leak - after > 30 ? leak - 30 : after);
		free(before);
		free(after);
		snapshot_free(s);
	}
	rule_set_free(rules);
}
