// SPDX-License-Identifier: GPL-2.0-or-later
// The kernel log as JSON.
#include "import_kit.h"

static struct snapshot *read_all(const char *text)
{
	struct snapshot *s = kit_begin();

	kit_read(&format_klog_json, text);
	format_klog.finish(&kit_im);
	return s;
}

TEST(journal)
{
	struct snapshot *s = read_all(
		"{\"MESSAGE\":\"DMAR: IOMMU enabled\",\"_TRANSPORT\":\"kernel\",\"_SOURCE_MONOTONIC_TIMESTAMP\":\"251399\",\"_BOOT_ID\":\"a\"}\n"
		"{\"MESSAGE\":\"faked\",\"_TRANSPORT\":\"stdout\",\"_BOOT_ID\":\"a\"}\n"
		"{\"MESSAGE\":[86,70,73,79],\"_TRANSPORT\":\"kernel\",\"__MONOTONIC_TIMESTAMP\":\"3000000\",\"_BOOT_ID\":\"a\"}\n");

	is_int(s->log.lines.n, 2);
	is_str(s->log.lines.s[0], "[    0.251399] DMAR: IOMMU enabled");
	is_str(s->log.lines.s[1], "[    3.000000] VFIO");
	ok(!s->log.complete.v);
	kit_end();
	/* the last boot counts */
	s = read_all(
		"{\"MESSAGE\":\"a\",\"_TRANSPORT\":\"kernel\",\"_BOOT_ID\":\"a\"}\n"
		"{\"MESSAGE\":\"b\",\"_TRANSPORT\":\"kernel\",\"_BOOT_ID\":\"b\"}\n");
	is_int(s->log.lines.n, 1);
	is_str(s->log.lines.s[0], "b");
	kit_end();
}

TEST(journal_pretty)
{
	struct snapshot *s =
		read_all("{\n\t\"__CURSOR\" : \"x\",\n\t\"_TRANSPORT\" : \"kernel\",\n"
			 "\t\"MESSAGE\" : \"AMD-Vi: x\"\n}\n");

	is_int(s->log.lines.n, 1);
	is_str(s->log.lines.s[0], "AMD-Vi: x");
	kit_end();
}

TEST(dmesg)
{
	struct snapshot *s = read_all(
		"{\n   \"dmesg\": [\n      {\n         \"pri\": 5,\n         \"time\":     0.000000,\n"
		"         \"msg\": \"Linux version 6.1.0\"\n      },{\n         \"pri\": 6,\n"
		"         \"time\":     0.251399,\n         \"msg\": \"DMAR: IOMMU enabled\"\n      }\n   ]\n}\n");

	is_int(s->log.lines.n, 2);
	is_str(s->log.lines.s[1], "[    0.251399] DMAR: IOMMU enabled");
	kit_end();
}

TEST(other_text_is_none)
{
	static const char *const lines[] = { "{", "{}", "{\"a\":1}", "{ text",
		"{\n\"a\": 1\n}" };

	kit_begin();
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
		is_int(kit_take(&format_klog_json, lines[i]), 0);
	kit_read(&format_klog_json, "{\"MESSAGE\": broken}\n");
	format_klog.finish(&kit_im);
	is_int(kit_im.snap->log.lines.n, 0);
	kit_end();
}
