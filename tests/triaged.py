"""Checks of the verb that judges what people paste: inputs, formats, honesty, privacy."""
import json
import os
import tempfile
import time

POST = """Hi, my card does not work, I run this on joes-tower:

```
joe@joes-tower:~$ dmesg | grep -i -e DMAR -e IOMMU
[    0.009123] ACPI: DMAR 0x000000008B7F1000 0000A8 (v01 INTEL  EDK2     00000002      01000013)
[    0.251399] DMAR: IOMMU enabled
[    0.251420] DMAR: Host address width 39
[    3.120000] r8169 0000:03:00.0 eth0: RTL8168g, de:ad:be:ef:12:34, XID 4c0, IRQ 127
joe@joes-tower:~$ cat /etc/modprobe.d/vfio.conf
options vfio-pci ids=10de:1c82,10de:0fb9
```

What now?
"""


def inputs(run, check):
    with tempfile.TemporaryDirectory() as d:
        def file(name, text):
            with open(f"{d}/{name}", "w", encoding="utf-8") as f:
                f.write(text)
            return f"{d}/{name}"
        post, prose = file("post", POST), file("prose", "Dear all,\n\nhow are you?\n")
        table = [
            (64, ["triage"], "usage: vfio-doctor triage"),
            (64, ["triage", "-", "-"], "only one input can be standard input"),
            (64, ["triage", "--root", "/", post], "unknown option --root of triage"),
            (65, ["triage", prose], "nothing in this text was recognised"),
            (65, ["triage", file("empty", "")], "nothing in this text was recognised"),
            (65, ["triage", file("cut", '{"schema": "vfio-doctor/snapshot/1", "ori')], "cut:1:"),
            (65, ["triage", "tests/fixtures/desk-arch.json", "tests/fixtures/desk-arch.json"],
             "a second snapshot"),
            (66, ["triage", post, d + "/none"], "none: No such file or directory"),
        ]
        for status, args, words in table:
            p = run(*args)
            short = " ".join(a.replace(d, "") for a in args)
            check(f"`{short}` ends with {status} and one line", p.returncode == status
                  and words in p.stderr and p.stderr.count("\n") == 1 and p.stdout == "",
                  f"{p.returncode}: {p.stdout}{p.stderr}")
        p = run("triage", "--format", "json", "-", stdin=POST)
        check("stdin is judged like a file",
              p.stdout == run("triage", "--format", "json", post).stdout and p.returncode <= 3,
              p.stderr)
        p = run("triage", "--format", "json", "tests/fixtures/desk-arch.json")
        check("a snapshot alone is judged as the audit does",
              p.stdout == run("--format", "json", "tests/fixtures/desk-arch.json").stdout, p.stderr)
        p = run("triage", "--format", "snapshot", prose, post)
        kept = file("kept.json", p.stdout)
        check("the snapshot can be replayed", p.returncode == 0
              and run("--format", "json", kept).stdout
              == run("triage", "--format", "json", prose, post).stdout, p.stderr)
        for form in ("text", "markdown", "bbcode", "json"):
            p = run("triage", "--format", form, post)
            check(f"the answer as {form}", p.returncode <= 3 and p.stdout, p.stderr)


def honesty(run, check):
    """What was not pasted is unknown: a source has a status only where the post spoke of it."""
    p = run("triage", "--format", "snapshot", "-", stdin=POST)
    snap = json.loads(p.stdout)
    sources = {s["name"]: s["status"] for s in snap["sources"]}
    check("the origin is a paste", snap["origin"]["kind"] == "pasted", snap["origin"])
    check("only what was said has a status", set(sources) == {"kernel-log", "modprobe"}, sources)
    check("a part is a part", set(sources.values()) == {"truncated"}, sources)
    check("a log that was filtered is open", snap["log"]["complete"] is not True, snap["log"])
    check("the file is there", [f["path"] for f in snap["files"]] == ["/etc/modprobe.d/vfio.conf"],
          snap["files"])


def privacy(run, check):
    for form in ("text", "markdown", "bbcode", "json", "snapshot"):
        p = run("triage", "--format", form, "-", stdin=POST)
        said = [x for x in ("joe", "de:ad:be:ef:12:34") if x in p.stdout]
        check(f"{form} names nobody", not said, said)
    p = run("triage", "--keep-private", "--format", "snapshot", "-", stdin=POST)
    check("unless that is wanted", "de:ad:be:ef:12:34" in p.stdout, p.stdout)


def explained(run, check):
    p = run("triage", "--explain-input", "-", stdin=POST)
    rows = [line.split(None, 1) for line in p.stdout.splitlines()]
    check("each part is named with its lines", p.returncode == 0
          and ["4", "a command, or a heading"] in rows and ["5-8", "kernel log"] in rows
          and ["10", "a configuration file"] in rows and "stdin" in p.stdout, p.stdout)
    check("the rest is counted", "2 lines were not recognised" in p.stdout, p.stdout)


def speed(run, check):
    """A megabyte of anything is read at once. Generous: other things run beside this."""
    for name, unit in (("log", "[    0.251399] pci 0000:00:1c.0: PME# supported from D0 D3hot\n"),
                       ("prose", "The quick brown fox jumps over the lazy dog, they say.\n"),
                       ("prompts", "joe@tower:~$ cat /etc/modules\nvfio\n"),
                       ("headings", "# /etc/modules\n"), ("one line", "lspci -nnk "),
                       ("listing", "01:00.0 VGA compatible controller [0300]: NVIDIA [10de:1c82]\n")):
        text = unit * ((1 << 20) // len(unit))
        begin = time.monotonic()
        p = run("triage", "--explain-input", "-", stdin=text, program=fast(run))
        took = time.monotonic() - begin
        check(f"a megabyte of {name}", p.returncode == 0 and took < 2, f"{took:.2f} s {p.stderr}")


def fast(run):
    """The program without sanitizers, beside the one that RUN starts."""
    return os.path.abspath(run.__globals__["build"]) + "/vfio-doctor"
