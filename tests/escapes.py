"""Checks that no text of a machine reaches a reader as anything but text.

PAYLOAD is planted into every text of a snapshot, one place at a time and in all at once, and
every format of every verb is looked at.
"""
import copy
import ctypes
import ctypes.util
import html.parser
import json
import os
import re
import tempfile

MARK = "zqx"
# C0, C1, DEL, bidi, zero width, byte-order mark; the line and paragraph separators
RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f\x80-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
PAYLOAD = ("zqx\x1b[31m\x9b1m\u202e\u2066\x07\r<script>zqx</script><img src=zqx onerror=zqx>&zqx;"
           "[/code][url=http://zqx.example]zqx[/url][b]`zqx`**zqx**_zqx_ ![zqx](http://zqx.example)"
           "[zqx](http://zqx.example)<http://zqx.example>@zqx|zqx=1;;\"zqx\"\\'$(touch zqx)'"
           "`touch zqx`;touch zqx\n# zqx\n```\n\n- <b>zqx</b>\n===\nzqx 1\n[/code]\u200bzqx")


def paths_of(value, path=()):
    """All places of texts in a document: tuples of keys and indices."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from paths_of(item, path + (key,))
    elif isinstance(value, list):
        for i, item in enumerate(value):
            yield from paths_of(item, path + (i,))
    elif isinstance(value, str):
        yield path


def kind_of(path):
    """The place with its indices left out."""
    return tuple("*" if isinstance(x, int) else x for x in path)


def planted(snapshot, paths):
    snapshot = copy.deepcopy(snapshot)
    for path in paths:
        at = snapshot
        for key in path[:-1]:
            at = at[key]
        at[path[-1]] += PAYLOAD
    return snapshot


def places(run, snapshot):
    """The places where any text may stand: {kind: paths}."""
    kinds = {}
    for path in paths_of(snapshot):
        kinds.setdefault(kind_of(path), []).append(path)
    return {kind: paths for kind, paths in kinds.items()
            if run("--format", "ndjson", "-",
                   stdin=json.dumps(planted(snapshot, paths))).returncode != 65}


class Page(html.parser.HTMLParser):
    """What is in a page: tags, attributes, and the marked text outside of code."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.tags, self.values, self.code, self.loose = set(), [], 0, []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.values += [f"{k}={v}" for k, v in attrs]
        self.code += tag in ("code", "pre")

    def handle_endtag(self, tag):
        self.code -= tag in ("code", "pre")

    def handle_comment(self, data):
        self.tags.add("<!--")

    def handle_data(self, data):
        if MARK in data and not self.code:
            self.loose.append(data)


def page_of_markdown(text):
    """Rendered as a forum would that allows HTML."""
    lib = ctypes.CDLL(ctypes.util.find_library("cmark") or "libcmark.so")
    lib.cmark_markdown_to_html.restype = ctypes.c_char_p
    lib.cmark_markdown_to_html.argtypes = [ctypes.c_char_p, ctypes.c_size_t, ctypes.c_int]
    data = text.encode()
    return Page(lib.cmark_markdown_to_html(data, len(data), 1 << 17).decode())


def wrong_page(text, clean):
    page, known = Page(text), Page(clean)
    if page.tags - known.tags:
        return f"tags: {page.tags - known.tags}"
    bad = [v for v in page.values if MARK in v]
    return f"attributes: {bad}" if bad else None


MARKDOWN_TAGS = {"h1", "h2", "h3", "h4", "p", "ul", "ol", "li", "code", "pre", "strong", "em", "a",
                 "table", "hr", "br"}


def wrong_markdown(text, _):
    page = page_of_markdown(text)
    if page.tags - MARKDOWN_TAGS:
        return f"tags: {page.tags - MARKDOWN_TAGS}"
    bad = [v for v in page.values if MARK in v]
    if bad:
        return f"attributes: {bad}"
    return f"outside of code: {page.loose[:2]}" if page.loose else None


def wrong_bbcode(text, _):
    outside = re.sub(r"\[code\]\n.*?\n\[/code\]\n", "", text, flags=re.S)
    if "[/code]" in outside or "[code]" in outside:
        return "a box ends early"
    bad = re.findall(r"\[[^\]\n]*zqx[^\]\n]*\]|http://zqx|@zqx", outside)
    return f"tags: {bad[:3]}" if bad else None


def wrong_nagios(text, _):
    lines = text.splitlines()
    bars = text.count("|")
    if bars != 1 or "|" not in lines[0] or "<" in text or ">" in text:
        return text[:1500]
    return None if re.fullmatch(r"[^|]*\| ?('?[a-z_ ]+'?=[0-9.]+[a-z%]*(;[0-9.:@~]*)*\s?)+",
                                lines[0]) else lines[0]


LABEL = r'[a-z_]+="(?:[^"\\\n]|\\["\\n])*"'
SAMPLE = re.compile(r"[a-z_][a-z0-9_]*(?:\{(?:%s(?:,%s)*)?\})? [0-9.e+-]+" % (LABEL, LABEL))


def wrong_openmetrics(text, _):
    lines = text.split("\n")
    if lines[-1]:
        return "its last line has no end"
    bad = [x for x in lines[:-1] if not x.startswith(("# HELP vfio_doctor", "# TYPE vfio_doctor",
                                                      "# UNIT vfio_doctor"))
           and x != "# EOF" and not SAMPLE.fullmatch(x)]
    return f"{bad[:3]}" if bad else None


def wrong_json(text, _):
    json.loads(text)


def wrong_ndjson(text, _):
    if text.count("\n") != 1:
        return f"{text.count(chr(10))} lines"
    json.loads(text)


def wrong_shell(text, _):
    """What is not quoted, no comment and no document holds nothing of the payload."""
    rest = re.sub(r"\\.|'[^']*'|(?:^|(?<=\s))#[^\n]*", "Q", text)
    bad = [x for x in rest.splitlines() if MARK in x]
    return f"{bad[:3]}" if bad else None


def wrong_text(text, _):
    return None


WRONG = {"html": wrong_page, "markdown": wrong_markdown, "bbcode": wrong_bbcode,
         "nagios": wrong_nagios, "openmetrics": wrong_openmetrics, "json": wrong_json,
         "ndjson": wrong_ndjson, "sh": wrong_shell}


def commands(guest, old):
    """(format, arguments) of all that prints something of a snapshot on standard input."""
    for form in ("text", "json", "markdown", "html", "nagios", "openmetrics", "ndjson"):
        yield form, ["--format", form, "-"]
    for form in ("text", "markdown", "bbcode", "json"):
        yield form, ["triage", "--format", form, "-"]
    for form in ("text", "json", "markdown"):
        yield form, ["diff", "--format", form, old, "-"]
    for form in ("text", "markdown", "json", "sh"):
        yield form, ["plan", "--guest", guest, "--format", form, "-"]
    yield "text", ["explain", guest, "-"]
    yield "text", ["--color", "never", "--guest", guest, "-"]


def looked_at(run, check, name, form, args, text, clean):
    p = run(*args, stdin=text)
    why = None
    raw = RAW.search(p.stdout + p.stderr)
    if p.returncode not in (0, 1, 2, 3, 65):
        why = f"status {p.returncode} {p.stderr[:1000]}"
    elif raw:
        at = (p.stdout + p.stderr)[max(0, raw.start() - 60):raw.end() + 20]
        why = f"raw {raw[0]!r}: {at!r}"
    elif p.returncode != 65:
        why = WRONG.get(form, wrong_text)(p.stdout, clean)
    check(f"texts of {name} are but text: {' '.join(args)[:60]}", why is None, why)
    return p.returncode


POST = """joe@zqx:~$ cat /proc/cmdline
BOOT_IMAGE=/vmlinuz-6.1.0-18-amd64%s root=/dev/sda2 ro quiet intel_iommu=on %s
$ lspci -nnk
01:00.0 VGA compatible controller [0300]: NVIDIA Corporation%s GP107 [10de:1c82] (rev a1)
\tSubsystem: %s [1458:3735]
\tKernel driver in use: nouveau%s
$ dmesg
[    0.000000] Linux version 6.1.0-18-amd64 %s
[    0.100000] DMAR: %s
[    0.200000] vfio-pci 0000:01:00.0: BAR 1: can't reserve [mem 0x0-0xfff] %s
$ cat /etc/modprobe.d/vfio.conf
options vfio-pci ids=10de:1c82%s
$ qemu
qemu-system-x86_64: -device vfio-pci,host=01:00.0: vfio 0000:01:00.0: %s
"""


def posts(run, check, at_once):
    payload = PAYLOAD.replace("\n", " ")
    texts = {"a post": POST.replace("%s", payload), "a post with breaks": POST.replace("%s", PAYLOAD)}
    work = [(name, form, ["triage", *more, "-"], text) for name, text in texts.items()
            for form, more in [("text", ["--explain-input"]), *(
                (x, ["--format", x]) for x in ("text", "markdown", "bbcode", "json"))]]
    at_once(lambda w: looked_at(run, check, w[0], w[1], w[2], w[3], ""), work)


def options(run, check, fixture):
    """What stands on the command line, and names of files."""
    for args in (["--guest", PAYLOAD], ["--format", PAYLOAD], ["--" + PAYLOAD], [PAYLOAD],
                 ["explain", PAYLOAD], ["plan", "--guest", PAYLOAD, fixture], ["triage", PAYLOAD],
                 ["--waive", PAYLOAD, fixture], ["--waive", "irq.remapping=" + PAYLOAD, fixture],
                 ["--rules", PAYLOAD, fixture], ["-o", "/nonexistent/" + PAYLOAD, fixture],
                 ["--baseline", PAYLOAD, fixture], ["--root", PAYLOAD], ["rules", PAYLOAD],
                 ["diff", PAYLOAD, fixture]):
        p = run(*(x.replace("\0", "") for x in args))
        raw = RAW.search(p.stdout + p.stderr)
        check(f"an argument is but text: {args[0][:12]}", 64 <= p.returncode <= 74 and not raw
              and p.stdout == "", f"{p.returncode} {p.stderr!r}")
    for form in ("text", "json", "markdown", "html", "nagios", "openmetrics"):
        args = ["--format", form, "--waive", "driver.no-softdep=" + PAYLOAD, "-"]
        with open("tests/fixtures/desk-no-softdep.json", encoding="utf-8") as f:
            text = f.read()
        clean = run("--format", form, "-", stdin=text).stdout
        looked_at(run, check, "a waiver", form, args, text, clean)


def escapes(run, check, at_once, fixture, guest):
    with open(fixture, encoding="utf-8") as f:
        snapshot = json.load(f)
    # One of each list is as good as all
    for key, value in snapshot.items():
        if isinstance(value, list) and key not in ("pci", "groups", "sources", "files"):
            snapshot[key] = value[:3]
    if snapshot.get("log", {}).get("lines"):
        snapshot["log"]["lines"] = snapshot["log"]["lines"][:200]
    found = places(run, snapshot)
    name = os.path.basename(fixture)
    check(f"there are texts in {name}", len(found) > 40, len(found))
    jobs = [(".".join(map(str, kind)), planted(snapshot, paths)) for kind, paths in found.items()]
    jobs.append(("all", planted(snapshot, [p for paths in found.values() for p in paths])))
    text = json.dumps(snapshot)
    old = fixture
    clean = {form: run(*args, stdin=text).stdout for form, args in commands(guest, old)
             if args[0] == "--format"}
    work = [(f"{name} {where}", form, args, json.dumps(planted_one), clean.get(form, ""))
            for where, planted_one in jobs for form, args in commands(guest, old)]
    statuses = at_once(lambda w: looked_at(run, check, *w), work)
    check(f"what was planted in {name} was judged", statuses.count(65) < len(work) / 10,
          statuses.count(65))
