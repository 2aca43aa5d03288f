// SPDX-License-Identifier: GPL-2.0-or-later
// The snapshot's JSON form: what is written is read again, and what is wrong is said.
#include "base/text.h"
#include "snapshot/codec.h"

#include "tap.h"

static const char *error_of(const char *text)
{
	static char buf[320];
	struct snapshot_error e;
	struct snapshot *s = snapshot_read(text, strlen(text), &e);

	if (s) {
		snapshot_free(s);
		return "none";
	}
	snprintf(buf, sizeof buf, "%zu:%zu: %s", e.line, e.column, e.message);
	return buf;
}

#define HEAD                                                                             \
	"{\"schema\":\"vfio-doctor/snapshot/1\",\"origin\":{\"kind\":\"live\",\"tool\":\"1\"}"

TEST(round_trip)
{
	struct snapshot *s = snapshot_new();
	struct arena *a = arena_new();
	struct snapshot_error e;
	struct snap_pci *pci = snap_list_add(s, &s->pci);

	pci->address = "10000:e1:00.0";
	pci->vendor = snap_hex_of(0x8086);
	pci->driver = snap_text_none();
	pci->config = snap_bytes_of(s, "\x86\x80", 2);
	snap_texts_add(s, &s->log.lines, "[    0.000000] \"quoted\"\x1b[31m \xff");
	snapshot_set_status(s, SOURCE_KERNEL_LOG, STATUS_DENIED, "needs root");
	s->kernel.tainted = snap_hex_of(UINT64_MAX);
	char *first = snapshot_write(s, a);
	struct snapshot *t = snapshot_read(first, strlen(first), &e);
	ok(t != NULL);
	if (t) {
		is_str(snapshot_write(t, a), first);
		is_int(t->pci.v[0].driver.have, HAVE_NONE);
		is_int(t->pci.v[0].device.have, HAVE_NOT);
		is_int(t->groups.have, HAVE_NOT);
		is_int(t->kernel.tainted.v == UINT64_MAX, 1);
		is_str(t->log.lines.s[0], "[    0.000000] \"quoted\"\\x1b[31m \\xff");
		is_str(snapshot_reason(t, SOURCE_KERNEL_LOG), "needs root");
	}
	snapshot_free(t);
	snapshot_free(s);
	arena_free(a);
}

TEST(wrong_documents)
{
	is_str(error_of(""), "1:1: the document ends too early");
	is_str(error_of("{}"), "1:1: this is no snapshot: \"schema\" is missing");
	is_str(error_of("{\"schema\":\"vfio-doctor/snapshot/2\"}"),
		"1:2: the schema is \"vfio-doctor/snapshot/2\", expected "
		"\"vfio-doctor/snapshot/1\"");
	is_str(error_of("{\"schema\":\"vfio-doctor/snapshot/1\",\n \"kernal\": {}}"),
		"2:2: unknown key \"kernal\"; did you mean \"kernel\"?");
	is_str(error_of(HEAD ",\n\"sources\":[],\n\"sources\":[]}"),
		"3:1: the key \"sources\" stands here twice");
	is_str(error_of(HEAD ",\"sources\":[{\"name\":\"pcy\",\"status\":\"ok\"}]}"),
		"1:83: unknown source \"pcy\"");
	is_str(error_of(HEAD ",\"sources\":[],\"pci\":{}}"),
		"1:85: \"pci\" is an object, expected an array of objects");
	is_str(error_of(HEAD ",\"sources\":[],\"pci\":[{\"address\":\"1:0\"}]}"),
		"1:93: \"1:0\" is no PCI address like \"0000:01:00.0\"");
	is_str(error_of(HEAD ",\"sources\":[],\"pci\":[{}]}"),
		"1:92: the key \"address\" is missing here");
	is_str(error_of(HEAD ",\"sources\":[],\"pci\":[{\"address\":\"0000:01:00.0\"},"
			     "{\"address\":\"0000:00:01.0\"}]}"),
		"1:119: \"pci\" must stand in ascending order");
	is_str(error_of(HEAD ",\"sources\":[],\"pci\":[{\"address\":\"0000:01:00.0\","
			     "\"vendor\":\"0x12345\"}]}"),
		"1:118: \"vendor\": expected a hex string within the field's range");
	is_str(error_of(HEAD ",\"sources\":[],\"cpu\":{\"count\":1.5}}"),
		"1:92: \"count\": expected a whole number");
	is_str(error_of(HEAD ",\"sources\":[],\"groups\":[{\"id\":-1}]}"),
		"1:96: \"id\" is negative");
	is_str(error_of(HEAD "}"), "1:1: the key \"sources\" is missing here");
	is_str(error_of("{\"schema\":\"vfio-doctor/snapshot/1\",\"sources\":[]}"),
		"1:1: the key \"origin\" is missing here");
}

TEST(texts_from_a_document_forge_nothing)
{
	struct snapshot_error e;
	const char *text =
		HEAD ",\"sources\":[],\"host\":{\"os_name\":\"a\\nb\"},"
		     "\"pci\":[{\"address\":\"0000:01:00.0\",\"driver\":\"a\\nb\"}],"
		     "\"files\":[{\"path\":\"/a\\nb\",\"text\":\"a\\nb\"}],"
		     "\"log\":{\"lines\":[\"a\\nb\"]}}";
	struct snapshot *s = snapshot_read(text, strlen(text), &e);

	ok(s != NULL);
	if (s) {
		is_str(s->host.os_name.s, "a\\x0ab");
		is_str(s->pci.v[0].driver.s, "a\\x0ab");
		is_str(s->files.v[0].path, "/a\\x0ab");
		is_str(s->files.v[0].text.s, "a\nb");
		is_str(s->log.lines.s[0], "a\nb");
	}
	snapshot_free(s);
	/* nor do the messages that quote it */
	is_str(error_of(HEAD ",\"sources\":[],\"\\u001b]0;x\\n\":1}"),
		"1:85: unknown key \"\\x1b]0;x\\x0a\"");
	is_str(error_of(HEAD ",\"a\\n\":1,\"a\\n\":2}"),
		"1:80: the key \"a\\x0a\" stands here twice");
}

TEST(words_that_the_program_relies_on)
{
	is_str(error_of("{\"schema\":\"vfio-doctor/snapshot/1\",\"sources\":[],"
			"\"origin\":{\"kind\":\"alive\",\"tool\":\"1\"}}"),
		"1:49: \"kind\" is \"alive\", expected live, tree or pasted");
	is_str(error_of(HEAD ",\"sources\":[{\"name\":\"pci\",\"status\":\"ok\"},"
			     "{\"name\":\"pci\",\"status\":\"error\"}]}"),
		"1:112: the source \"pci\" stands here twice");
}

TEST(a_document_cut_at_any_byte_is_an_error)
{
	const char *text = HEAD ",\"sources\":[],\"fb\":\"x\"}";
	char cut[256];

	is_str(error_of(text), "none");
	for (size_t n = 0; n < strlen(text); n++) {
		memcpy(cut, text, n);
		cut[n] = '\0';
		ok(strcmp(error_of(cut), "none") != 0);
	}
}

/* A document whose field BEFORE…AFTER holds N times WHAT. */
static const char *error_of_many(
	const char *before, const char *what, size_t n, const char *after)
{
	struct strbuf b = { 0 };

	strbuf_add(&b, before);
	for (size_t i = 0; i < n; i++)
		strbuf_add(&b, what);
	strbuf_add(&b, after);
	const char *error = error_of(strbuf_text(&b));
	strbuf_free(&b);
	return error;
}

TEST(what_no_machine_has_is_refused)
{
	static const char fb[] = HEAD ",\"sources\":[],\"fb\":\"";
	static const char line[] = HEAD ",\"sources\":[],\"kernel\":{\"cmdline\":\"";
	static const char uses[] = HEAD ",\"sources\":[],\"uses\":[{\"what\":\"/\"}";

	is_str(error_of_many(fb, "x", SNAPSHOT_MAX_TEXT, "\"}"), "none");
	is_str(error_of_many(fb, "x", SNAPSHOT_MAX_TEXT + 1, "\"}"),
		"1:85: this text holds 1048577 bytes, at most 1048576 can be");
	is_str(error_of_many(line, "x", 262145, "\"}}"),
		"1:95: this text holds 262145 bytes, at most 262144 can be");
	is_str(error_of_many(uses, ",{\"what\":\"/\"}", 8191, "]}"), "none");
	is_str(error_of_many(uses, ",{\"what\":\"/\"}", 8192, "]}"),
		"1:85: \"uses\" has 8193 elements, at most 8192 can be");
}
