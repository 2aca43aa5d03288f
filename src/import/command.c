// SPDX-License-Identifier: GPL-2.0-or-later
// Lines that say what follows: prompts with a command, and headings.
#include "import/command.h"

#include <string.h>

enum {
	PROMPT_LIMIT = 100,   /* bytes of a prompt in front of its sign */
	COMMAND_LIMIT = 2048, /* bytes of a command */
	HEADING_LIMIT = 200,  /* bytes of a line that announces something */
};

/* Programs whose output people post, and whose names are no English words. */
static const char *const programs[] = { "cpuid", "dmesg", "dmidecode", "efibootmgr",
	"egrep", "fastfetch", "grep", "hostnamectl", "hw-probe", "inxi", "journalctl",
	"ls-iommu", "ls-iommu.sh", "lsblk", "lscpu", "lshw", "lsiommu", "lsinitcpio",
	"lsinitramfs", "lsmod", "lspci", "lsusb", "modinfo", "neofetch", "nvidia-smi",
	"pvesh", "pveversion", "screenfetch", "uname", "virt-host-validate", "zcat",
	"zgrep" };

/* The same of names that are English words: with an argument that is none. */
static const char *const plain_programs[] = { "awk", "bootctl", "cat", "find", "head",
	"less", "ls", "more", "nl", "tail", "tree" };

/* Programs that do something and say little: nobody announces their output, but they follow
 * a prompt. */
static const char *const doers[] = { "apt", "bash", "cd", "dracut", "driverctl", "echo",
	"for", "grub-mkconfig", "grub2-mkconfig", "grubby", "insmod", "kernelstub",
	"mkinitcpio", "modprobe", "nano", "pacman", "proxmox-boot-tool", "qm", "reboot",
	"rmmod", "rpm-ostree", "setpci", "sh", "systemctl", "tee", "update-grub",
	"update-initramfs", "vi", "vim", "virsh" };

/* What lets only some of the lines through. */
static const char *const filters[] = { "ack", "awk", "cut", "egrep", "fgrep", "gawk",
	"grep", "head", "rg", "sed", "tail", "uniq", "zgrep" };

/* Programs that show a file as it is. */
static const char *const viewers[] = { "bat", "batcat", "cat", "gedit", "kate", "less",
	"micro", "more", "nano", "nl", "nvim", "vi", "vim" };

/* Words of sentences; no argument looks like them. */
static const char *const stop_words[] = { "I", "a", "after", "also", "and", "are", "at",
	"before", "but", "command", "did", "does", "from", "gave", "gives", "has", "i",
	"in", "is", "it", "looks", "my", "not", "of", "on", "or", "output", "outputs",
	"reports", "returns", "says", "shows", "so", "still", "that", "the", "then",
	"this", "to", "was", "when", "which", "with", "without", "you" };

/* What a sentence says of a file whose content follows; and of one that is only advised. */
static const char *const telling[] = { "added", "configured", "configuration", "content",
	"contents", "contains", "created", "current", "currently", "edited", "file",
	"following", "following:", "have", "here", "here's", "is", "looks", "made", "my",
	"see", "set" };
static const char *const advising[] = { "add", "could", "delete", "deleted", "edit", "if",
	"instead", "must", "need", "put", "remove", "removed", "removing", "replace",
	"should", "tried", "try", "want", "without", "would", "you", "your" };

#define IS_IN(list, word) text_is_among(word, list, sizeof(list) / sizeof(list)[0])

/* The word at P, cut at BUF's size; its length in the text. */
static size_t word_at(const char *p, char buf[32])
{
	size_t n = strcspn(p, " \t|;&()<>`'\"");
	size_t kept = n < 31 ? n : 31;

	memcpy(buf, p, kept);
	buf[kept] = '\0';
	return n;
}

const char *command_skip_sudo(const char *p)
{
	char word[32];

	for (;;) {
		p += strspn(p, " \t");
		size_t n = word_at(p, word);
		bool is_sudo = strcmp(word, "sudo") == 0 || strcmp(word, "doas") == 0;
		bool is_assignment =
			strchr(word, '=') && word[0] >= 'A' && word[0] <= 'Z';
		if (!n || p[n] != ' ' || (!is_sudo && !is_assignment))
			return p;
		p += n + 1;
		while (is_sudo && *p == '-')
			p += strcspn(p, " ") + strspn(p + strcspn(p, " "), " ");
	}
}

static bool is_filtered(const char *text)
{
	char word[32];

	for (const char *p = text; *p;) {
		size_t n = word_at(p, word);
		if (IS_IN(filters, word))
			return true;
		p += n ? n : 1;
	}
	return false;
}

/* May this path be that of a file whose content people post? Lists of IOMMU groups name
 * those of /sys. */
static size_t path_length(const char *p)
{
	static const char *const roots[] = { "/boot/", "/efi/", "/etc/",
		"/lib/modprobe.d/", "/proc/", "/run/modprobe.d/", "/usr/lib/",
		"/var/log/" };
	size_t n = strcspn(p, " \t|;&()<>`'\",*[]{}$:");

	for (size_t i = 0; i < sizeof roots / sizeof roots[0]; i++)
		if (n > strlen(roots[i]) && text_starts(p, roots[i]) && p[n - 1] != '/')
			return p[n - 1] == '.' ? n - 1 : n;
	return 0;
}

/* The file that a command prints: the only path among its words. */
static const char *file_of(struct import *im, const char *text)
{
	const char *found = NULL;
	size_t length = 0;

	for (const char *p = text; *p; p++) {
		if (*p != '/' ||
			(p > text && p[-1] != ' ' && p[-1] != '"' && p[-1] != '\''))
			continue;
		size_t n = path_length(p);
		if (n && found && (n != length || memcmp(p, found, n) != 0))
			return NULL;
		if (n) {
			found = p;
			length = n;
			p += n - 1;
		}
	}
	return found ? arena_strndup(im->scratch, found, length) : NULL;
}

/* Does what it prints go to a file? `2>/dev/null` is only what it complains about. */
static bool is_redirected(const char *text)
{
	const char *p = strchr(text, '>');

	while (p && p > text && p[-1] == '2')
		p = strchr(p + 1, '>');
	return p || strstr(text, "<<");
}

void import_command_set(struct import *im, const char *text)
{
	char word[32];

	text = command_skip_sudo(text);
	text = arena_strndup(im->scratch, text, strnlen(text, COMMAND_LIMIT));
	word_at(text, word);
	im->command = (struct import_command){ .text = *text ? text : NULL };
	im->command.filtered = is_filtered(text);
	if (path_length(text) == strlen(text) && *text)
		im->command.file = text;
	else if ((IS_IN(viewers, word) || IS_IN(filters, word)) && !is_redirected(text))
		im->command.file = file_of(im, text);
	im->fresh = true;
}

/* Could it be an argument rather than a word of a sentence? */
static bool is_argument(const char *word)
{
	const char *dot = strchr(word, '.');

	return (dot && dot[1]) || strpbrk(word, "-/|_=*$0123456789~") != NULL;
}

/* Do the words at P look like arguments? A sentence about a program has other words. */
static bool are_arguments(const char *p, bool needed)
{
	char word[32];
	bool found = !needed;

	for (size_t n; *p; p += n ? n : 1) {
		n = word_at(p, word);
		if (n && IS_IN(stop_words, word) && strcmp(word, "in") != 0)
			return false;
		found |= n ? is_argument(word) : *p == '|' || *p == ';';
	}
	return found;
}

/* What virsh and qm print of a guest; the rest that they do is silent. */
static bool is_printing(const char *p)
{
	static const char *const starts[] = { "qm config ", "qm showcmd ",
		"virsh dumpxml ", "virsh edit ", "virsh nodedev-dumpxml " };

	for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
		if (text_starts(p, starts[i]))
			return true;
	return false;
}

/* Is what begins at P a program with arguments, not a sentence? One whose output people
 * announce, or, behind a PROMPT, any that is known. */
static bool is_command(const char *p, bool prompt)
{
	char word[32];
	const char *rest = command_skip_sudo(p);
	size_t n = word_at(rest, word);

	if (IS_IN(programs, word) || is_printing(rest))
		return are_arguments(rest + n, false);
	if (IS_IN(plain_programs, word))
		return are_arguments(rest + n, true);
	return prompt && n &&
		(text_starts(p, "sudo ") || text_starts(word, "./") ||
			(IS_IN(doers, word) && are_arguments(rest + n, true)));
}

/* Length of a name of a user or a host; it may have been replaced (`<host-1>`). */
static size_t name_length(const char *p)
{
	size_t n = 0;

	if (*p == '<') {
		n = strcspn(p, "> @");
		return p[n] == '>' ? n + 1 : 0;
	}
	while ((p[n] >= 'a' && p[n] <= 'z') || (p[n] >= 'A' && p[n] <= 'Z') ||
		(p[n] >= '0' && p[n] <= '9') || (p[n] && strchr("._-*", p[n])) ||
		(unsigned char)p[n] >= 0x80)
		n++;
	return n;
}

/* The sign that ends a prompt at P, and what follows; NULL: there is none. */
static const char *sign_skip(const char *p)
{
	static const char *const signs[] = { "$", "#", "%", ">", "❯", "➜", "➤", "λ", "»",
		"⟩" };

	for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
		size_t n = strlen(signs[i]);
		if (text_starts(p, signs[i]) && (!p[n] || p[n] == ' '))
			return p + n + (p[n] == ' ');
	}
	return NULL;
}

/* Behind `user@host:~$ `, `[user@host ~]# `, `user@host ~> `; NULL: it begins otherwise. */
static const char *user_prompt(const char *p)
{
	const char *begin = p;

	p += *p == '[' || *p == '(';
	size_t user = name_length(p);
	if (!user || p[user] != '@')
		return NULL;
	p += user + 1;
	size_t host = name_length(p);
	if (!host)
		return NULL;
	for (p += host; *p && p - begin < PROMPT_LIMIT; p++) {
		const char *behind = sign_skip(p);
		if (behind)
			return behind;
	}
	return NULL;
}

/* Behind `host ~ # `, `host:~ # `, `~ $ `, `bash-5.1# `; NULL: it begins otherwise. */
static const char *place_prompt(const char *p)
{
	size_t host = strcspn(p, " :~/$#");

	if (text_starts(p, "bash-") || text_starts(p, "sh-"))
		return sign_skip(p + strcspn(p, "$# "));
	if (host > 30 || name_length(p) < host)
		return NULL;
	p += host;
	if (host && *p != ':' && *p != ' ')
		return NULL;
	p += host > 0;
	if (*p != '~' && *p != '/')
		return NULL;
	p += strcspn(p, " $#%");
	return sign_skip(p + (*p == ' '));
}

/* Behind a sign alone, or an arrow with the folder of oh-my-zsh (`➜  ~ `). */
static const char *bare_prompt(const char *p)
{
	const char *behind = sign_skip(p);

	if (!behind || *p == '>')
		return NULL;
	if (text_starts(p, "➜")) {
		behind += strspn(behind, " ");
		size_t folder = strcspn(behind, " ");
		if (!is_command(behind, true) && behind[folder] == ' ')
			behind += folder + strspn(behind + folder, " ");
	}
	return behind;
}

const char *command_of_prompt(const char *line)
{
	const char *p = line + strspn(line, " \t"), *behind;

	/* Two lines of a theme: `┌──(kali㉿kali)-[~]`, `└─$ ls`; `╰─$ ls` */
	if (text_starts(p, "└─") || text_starts(p, "╰─"))
		p += strlen("└─");
	/* A virtual environment of Python */
	if (*p == '(' && strstr(p, ") ") && strstr(p, ") ") - p < 30)
		p = strstr(p, ") ") + 2;
	behind = user_prompt(p);
	if (behind)
		return behind;
	behind = place_prompt(p);
	if (behind && is_command(behind, true))
		return behind;
	behind = bare_prompt(p);
	/* A comment begins like root's prompt, a sum of money like the other */
	if (!behind || !*behind || (*p == '$' && *behind >= '0' && *behind <= '9'))
		return NULL;
	return *p == '$' || is_command(behind, true) ? behind : NULL;
}

bool command_is_prompt(const char *line)
{
	const char *p = line + strspn(line, " \t");

	return strcmp(p, "#") == 0 || strcmp(p, "$") == 0 || user_prompt(p);
}

/* `ls -l /sys/kernel/iommu_groups/`, `find /sys/kernel/iommu_groups/ -type l` */
bool command_lists_groups(const struct import *im)
{
	static const char dir[] = "/sys/kernel/iommu_groups";
	const char *command = im->fresh ? im->command.text : NULL, *p, *behind;

	if (!command || im->command.filtered || strpbrk(command, "|;&<>$*?`") ||
		!(p = strstr(command, dir)))
		return false;
	behind = p + sizeof dir - 1;
	behind += *behind == '/';
	behind += strspn(behind, " ");
	if (text_starts(command, "find "))
		return p == command + strlen("find ") &&
			(!*behind || strcmp(behind, "-type l") == 0);
	return text_starts(command, "ls ") && !*behind && !strstr(command, "d /");
}

/* TEXT without what decorates headings at both ends. */
static const char *undecorated(struct arena *a, const char *text)
{
	static const char decoration[] = " \t=*#<>-_:`'\"~+";
	size_t first = strspn(text, decoration), n;

	/* A relative or absolute path, an option: no decoration */
	n = strlen(text + first);
	while (n && strchr(decoration, text[first + n - 1]))
		n--;
	return arena_strndup(a, text + first, n);
}

/* The only command in backticks; NULL: there is none. */
static const char *quoted_command(struct arena *a, const char *line)
{
	const char *tick = strchr(line, '`'), *end = tick ? strchr(tick + 1, '`') : NULL;

	if (!end || strchr(end + 1, '`'))
		return NULL;
	const char *inner = arena_strndup(a, tick + 1, (size_t)(end - tick - 1));
	return is_command(inner, false) ? inner : NULL;
}

/* The only path that a sentence names, if it tells of what is in that file and advises
 * nothing. */
static const char *told_path(struct arena *a, const char *line)
{
	const char *path = NULL;
	bool tells = false;
	char word[32];

	for (const char *p = line; *p;) {
		size_t n = word_at(p, word), length = path_length(p);
		if (length && path)
			return NULL;
		if (length)
			path = arena_strndup(a, p, length);
		for (char *c = word; *c; c++)
			*c = (char)(*c >= 'A' && *c <= 'Z' ? *c | 0x20 : *c);
		if (n && IS_IN(advising, word))
			return NULL;
		tells |= n && IS_IN(telling, word);
		p += n ? n : 1;
	}
	return tells ? path : NULL;
}

/* `lspci -nnk output`: the words before that. */
static const char *before_sentence(struct arena *a, const char *text)
{
	char word[32];

	for (const char *p = text; *p;) {
		size_t n = word_at(p, word);
		if (p > text &&
			(strcmp(word, "output") == 0 || strcmp(word, "log") == 0 ||
				strcmp(word, "snippet") == 0))
			return arena_strndup(a, text, (size_t)(p - text - 1));
		p += n ? n : 1;
	}
	return text;
}

/* What follows "Output of", "cat of", "File:". */
static const char *behind_announcement(const char *text)
{
	static const char *const words[] = { "output of ", "output from ", "output for ",
		"result of ", "results of ", "contents of ", "content of ",
		"file: ", "file " };

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (strncasecmp(text, words[i], strlen(words[i])) == 0)
			return text + strlen(words[i]);
	return text;
}

const char *command_of_heading(struct arena *a, const char *line)
{
	size_t n = strlen(line);

	if (n > HEADING_LIMIT || line[0] == '[' || n < 2)
		return NULL;
	const char *text = undecorated(a, line);
	text = undecorated(a, behind_announcement(text));
	if (path_length(text) && path_length(text) == strlen(text))
		return text;
	text = before_sentence(a, text);
	if (is_command(text, false))
		return text;
	if (line[n - 1] != ':')
		return NULL;
	const char *quoted = quoted_command(a, line);
	return quoted ? quoted : told_path(a, line);
}

/* The command that the line names, in the scratch arena or in the line; NULL: none. */
static const char *command_at(const struct import *im, const char *line)
{
	const char *command = command_of_prompt(line);

	return command ? command : command_of_heading(im->scratch, line);
}

static size_t command_take(const struct import *im, const struct paste_line *v, size_t n)
{
	(void)n;
	return command_at(im, v->text) ? 1 : 0;
}

static void command_read(struct import *im, const struct paste_line *v, size_t n)
{
	(void)n;
	import_command_set(im, command_at(im, v->text));
	if (im->silent && command_lists_groups(im))
		import_no_groups(im);
}

const struct format format_command = {
	.name = "command",
	.title = "a command, or a heading",
	.take = command_take,
	.read = command_read,
};
