// SPDX-License-Identifier: GPL-2.0-or-later
// Words that stand in a boot loader's file and did not reach the running kernel.
#include <string.h>

#include "base/text.h"
#include "facts/config.h"
#include "facts/derive.h"
#include "facts/kernel.h"
#include "facts/loader.h"

/* Names (with `_`) or, ended by a star, beginnings: the words this program speaks of. */
static const char *const families[] = { "intel_iommu", "amd_iommu", "iommu", "iommu.*",
	"ivrs_*", "intremap", "vfio*", "pci_stub.*", "pci", "pcie_acs_override", "video",
	"initcall_blacklist", "rd.driver.pre", "modprobe.blacklist", "module_blacklist" };

static bool is_of_interest(const char *name)
{
	for (size_t i = 0; i < sizeof families / sizeof families[0]; i++) {
		size_t n = strcspn(families[i], "*");

		if (families[i][n] ? !strncmp(name, families[i], n)
				   : !strcmp(name, families[i]))
			return true;
	}
	return false;
}

static bool has_word(
	const struct cmdline_word *words, size_t n, const struct cmdline_word *word)
{
	for (size_t i = 0; i < n; i++) {
		if (!strcmp(words[i].name, word->name) &&
			(words[i].value == word->value ||
				text_equal(words[i].value, word->value)))
			return true;
	}
	return false;
}

/* A rescue entry is made without GRUB_CMDLINE_LINUX_DEFAULT (grub.d/10_linux). */
static bool is_recovery(struct facts *f)
{
	static const char *const marks[] = { "single", "recovery", "rescue", "emergency",
		"1", "s", "S" };
	size_t n;
	const struct cmdline_word *words = cmdline_words(f, &n);

	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < sizeof marks / sizeof marks[0]; k++) {
			if (!strcmp(words[i].text, marks[k]))
				return true;
		}
		if (!strcmp(words[i].name, "systemd.unit"))
			return true;
	}
	return false;
}

struct missing {
	bool open; /* a file could not be read, or the one that counts is unknown */
	const char *path;  /* NULL: nothing is missing */
	const char *asked; /* the path that was asked for */
	const struct cmdline_word **words;
	size_t n;
};

/* GRUB's defaults are spread over files: the last one that has the word. */
static const char *place_of(struct facts *f, const char *path, const char *word)
{
	const char *found = path;

	if (config_line_with(f, config_file(f, path), word))
		return path;
	for (size_t i = 0; i < f->snap->files.n; i++) {
		const struct snap_file *file = &f->snap->files.v[i];

		if ((!strcmp(file->path, "/etc/default/grub") ||
			    config_in_dir(file->path, "/etc/default/grub.d")) &&
			config_line_with(f, file, word))
			found = file->path;
	}
	return found;
}

/* What the running kernel lacks of the words in PATH; false if they cannot be told. */
static bool find_missing(struct facts *f, const char *path, struct missing *ret)
{
	size_t n;
	const struct cmdline_word *running = cmdline_words(f, &n);
	struct boot_words file;

	ret->asked = path;
	if (!boot_words_read(f, path, is_recovery(f), &file)) {
		ret->open |= config_file(f, path) != NULL;
		return false;
	}
	for (size_t i = 0; i < file.n; i++) {
		if (!is_of_interest(file.words[i].name) ||
			has_word(running, n, &file.words[i]))
			continue;
		*arena_push(f->arena, ret->words, ret->n) = &file.words[i];
	}
	if (ret->n)
		ret->path = place_of(f, file.path, ret->words[0]->text);
	return true;
}

/*
 * The file with missing words: the one that counts, else another loader's. Entries only
 * where they count: an older kernel's entry rightly has other words.
 */
static bool find_edited(struct facts *f, struct missing *ret)
{
	static const char *const others[] = { "/etc/default/grub",
		"/etc/kernel/cmdline" };
	const char *counts = boot_words_path(f);
	bool told = false;

	*ret = (struct missing){ .open = host_fact(f, "boot.config")->state ==
			FACT_ABSENT };
	if (counts && find_missing(f, counts, ret)) {
		told = true;
		if (ret->n)
			return true;
	}
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
		if (text_equal(counts, others[i]) || !find_missing(f, others[i], ret))
			continue;
		told = true;
		if (ret->n)
			return true;
	}
	return told;
}

/* False, and the reason noted, where nothing can be said of the words. */
static bool start_words(struct facts *f, struct fact *out, struct missing *ret)
{
	if (!cmdline_known(f) || cmdline_open(f)) {
		fact_missing(out, SOURCE_KERNEL);
		return false;
	}
	if (f->snap->files.have == HAVE_NOT || config_is_foreign(f) ||
		!find_edited(f, ret)) {
		fact_missing(out, SOURCE_BOOT_CONFIG);
		return false;
	}
	return true;
}

/* The missing words whose name begins with PREFIX. */
static void list_words(struct facts *f, const char *prefix, struct fact *out)
{
	struct missing missing;

	if (!start_words(f, out, &missing))
		return;
	fact_set_list(out);
	for (size_t i = 0; i < missing.n; i++) {
		if (text_starts(missing.words[i]->name, prefix))
			fact_add_text(f, out, missing.words[i]->text);
	}
	if (missing.n) {
		const char *line = config_line_with(
			f, config_file(f, missing.path), missing.words[0]->text);

		fact_seen(f, out, missing.path, line ? line : missing.words[0]->text);
	}
	out->open = missing.open || !config_known(f, SOURCE_BOOT_CONFIG);
	if (out->open)
		fact_missing(out, SOURCE_BOOT_CONFIG);
}

void derive_boot_words_missing(struct facts *f, const struct subject *s, struct fact *out)
{
	(void)s;
	list_words(f, "", out);
}

void derive_boot_ivrs_words(struct facts *f, const struct subject *s, struct fact *out)
{
	(void)s;
	list_words(f, "ivrs_", out);
}

/* Adds those of PATH; false if it does not tell. */
static bool add_no_options(struct facts *f, const char *path, struct fact *out)
{
	struct boot_words file;

	if (!boot_words_read(f, path, false, &file))
		return false;
	for (size_t i = 0; i < file.n; i++) {
		if (!cmdline_lacks_point(&file.words[i]))
			continue;
		fact_add_text(f, out, file.words[i].text);
		fact_seen(f, out, place_of(f, file.path, file.words[i].text),
			file.words[i].text);
	}
	return true;
}

void derive_boot_no_options(struct facts *f, const struct subject *s, struct fact *out)
{
	static const char *const paths[] = { "/etc/default/grub", "/etc/kernel/cmdline" };
	const char *counts = boot_words_path(f);
	bool told = false;

	(void)s;
	fact_set_list(out);
	for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
		told |= !text_equal(counts, paths[i]) && add_no_options(f, paths[i], out);
	told |= counts && add_no_options(f, counts, out);
	out->open = !told || !config_known(f, SOURCE_BOOT_CONFIG);
	if (out->open)
		fact_missing(out, SOURCE_BOOT_CONFIG);
}

void derive_boot_edited(struct facts *f, const struct subject *s, struct fact *out)
{
	struct missing missing;

	(void)s;
	if (start_words(f, out, &missing))
		fact_set_text(out, missing.path);
}

/* Do the missing words stand where they count? Entries of one folder count together. */
static bool is_right_place(struct facts *f, const struct missing *missing)
{
	const char *config = host_text(f, "boot.config"), *counts = boot_words_path(f);

	return text_equal(missing->asked, counts) ||
		(config && text_starts(missing->asked, config));
}

void derive_boot_instead(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct fact *config = host_fact(f, "boot.config");
	struct missing missing;

	(void)s;
	if (!start_words(f, out, &missing))
		return;
	if (!missing.n || is_right_place(f, &missing))
		fact_set_none(out);
	else if (config->state == FACT_ABSENT)
		fact_missing(out, SOURCE_BOOT_CONFIG);
	else
		fact_set_text(out, config->text);
}

/* Words of interest that the assignment has and the one in force has not? */
static bool loses_words(struct facts *f, const struct shell_variable *old,
	const struct shell_variable *now)
{
	size_t n_old, n_now;
	const struct cmdline_word *was = cmdline_split(f->arena, old->value, &n_old),
				  *is = cmdline_split(f->arena, now->value, &n_now);

	for (size_t i = 0; i < n_old; i++) {
		if (is_of_interest(was[i].name) && !has_word(is, n_now, &was[i]))
			return true;
	}
	return false;
}

/* Only the last assignment of a variable before an appending one counts */
void derive_boot_overridden(struct facts *f, const struct subject *s, struct fact *out)
{
	static const char *const names[] = { "GRUB_CMDLINE_LINUX",
		"GRUB_CMDLINE_LINUX_DEFAULT" };
	struct shell sh;

	(void)s;
	if (!config_known(f, SOURCE_BOOT_CONFIG)) {
		fact_missing(out, SOURCE_BOOT_CONFIG);
		return;
	}
	sh = boot_grub_defaults(f);
	fact_set_list(out);
	for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
		const struct shell_variable *now = shell_find(&sh, names[k]);

		for (size_t i = 0; now && !now->undecided && i < sh.n; i++) {
			const struct shell_variable *old = &sh.v[i];

			if (old == now || !text_equal(old->name, names[k]) ||
				old->undecided || !loses_words(f, old, now))
				continue;
			fact_add_text(f, out,
				arena_printf(f->arena, "%s:%zu: %s", old->path, old->line,
					old->text));
			fact_seen(f, out, old->path, old->text);
		}
		out->open |= now && now->undecided;
	}
}

void derive_boot_fix(struct facts *f, const struct subject *s, struct fact *out)
{
	struct missing missing;
	struct strbuf b = { 0 };

	(void)s;
	if (!start_words(f, out, &missing))
		return;
	for (size_t i = 0; i < missing.n; i++)
		strbuf_addf(&b, "%s+%s", i ? " " : "", missing.words[i]->text);
	fact_set_text(out, missing.n ? strbuf_finish(&b, f->arena) : NULL);
}

/* Lines that start kernels in what a generator wrote. */
static bool starts_kernel(const char *line)
{
	return text_starts(line, "linux") || text_starts(line, "options") ||
		text_starts(line, "append") || text_starts(line, "APPEND") ||
		text_starts(line, "cmdline:") || text_starts(line, "kernel_cmdline:");
}

/* Has some entry of the generated files all the missing words? */
static bool is_generated(struct facts *f, const struct missing *missing)
{
	for (size_t i = 0; i < f->snap->files.n; i++) {
		const struct snap_file *file = &f->snap->files.v[i];
		size_t n;
		char **lines;

		if (strcmp(config_basename(file->path), "grub.cfg") != 0 &&
			strcmp(config_basename(file->path), "limine.conf") != 0 &&
			!text_ends(file->path, "linux.conf") &&
			!boot_is_entry(file->path) && !text_ends(file->path, ".efi"))
			continue;
		lines = text_lines(f->arena, config_text(file), &n);
		for (size_t k = 0; k < n; k++) {
			const char *line = lines[k] + strspn(lines[k], " \t");
			const struct cmdline_word *words;
			size_t n_words, found = 0;

			/* the text of an image is its command line */
			if (!starts_kernel(line) && !text_ends(file->path, ".efi"))
				continue;
			words = cmdline_split(f->arena, line, &n_words);
			for (size_t m = 0; m < missing->n; m++)
				found += has_word(words, n_words, missing->words[m]);
			if (found == missing->n)
				return true;
		}
	}
	return false;
}

/* Was the file changed after this boot? False also where the times are not known. */
static bool is_after_boot(const struct facts *f, const char *path)
{
	const struct snap_file *file = config_file(f, path);
	const struct snap_int *boot = &f->snap->host.boot_time;

	return file && file->mtime.have == HAVE_VALUE && boot->have == HAVE_VALUE &&
		file->mtime.v > boot->v;
}

/* Does the loader read this file itself, so that nothing is generated from it? */
static bool is_read_as_it_is(const char *path)
{
	return boot_is_entry(path) || text_ends(path, "/kernel-params");
}

/*
 * A generated file that has the words: only the reboot is missing. One that has not, or
 * cannot be seen: generating once more does no harm.
 */
void derive_boot_state(struct facts *f, const struct subject *s, struct fact *out)
{
	const struct fact *config = host_fact(f, "boot.config");
	struct missing missing;

	(void)s;
	if (!start_words(f, out, &missing))
		return;
	if (!missing.n) {
		if (config_known(f, SOURCE_BOOT_CONFIG) && config->state != FACT_ABSENT &&
			!missing.open)
			fact_set_text(out, "current");
		else
			fact_missing(out, SOURCE_BOOT_CONFIG);
		return;
	}
	if (config->state == FACT_ABSENT)
		fact_missing(out, SOURCE_BOOT_CONFIG);
	else if (!is_right_place(f, &missing))
		fact_set_text(out, "wrong-file");
	else if (is_read_as_it_is(missing.asked) || is_generated(f, &missing))
		fact_set_text(out, "not-rebooted");
	else if (host_text(f, "boot.regenerate"))
		fact_set_text(out, "not-regenerated");
	else if (is_after_boot(f, missing.path))
		fact_set_text(out, "not-rebooted");
	else
		fact_missing(out, SOURCE_BOOT_CONFIG);
}
