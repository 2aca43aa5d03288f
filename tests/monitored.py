"""Checks of what serves monitoring and fleets: plugin, baseline, waivers, many snapshots."""
import json
import os
import tempfile

FIXTURES = "tests/fixtures/"
WARNS, FINE, BLOCKED = (FIXTURES + x + ".json" for x in
                        ("desk-no-softdep", "desk-arch", "desk-svm-off"))
NO_TARGET = FIXTURES + "desk-poweredge.json"


def plugin(run, check):
    """Every outcome is a status line on stdout and a status from 0 to 3."""
    for args, status, word in ([[FINE], 0, "OK"], [[WARNS], 1, "WARNING"],
                               [[BLOCKED], 2, "CRITICAL"], [[NO_TARGET], 3, "UNKNOWN"],
                               [["none.json"], 3, "UNKNOWN"], [["--gest"], 3, "UNKNOWN"],
                               [["-o", "/nonexistent/x", FINE], 3, "UNKNOWN"],
                               [["--rules", "/nonexistent", FINE], 3, "UNKNOWN"]):
        for form in (["--format", "nagios"], ["--format=nagios"]):
            p = run(*form, *args)
            first = p.stdout.partition("\n")[0]
            check(f"{form} {args}: {word}", p.returncode == status and p.stderr == ""
                  and first.startswith(f"VFIO {word} - "), f"{p.returncode} {p.stdout}{p.stderr}")
            check(f"{form} {args}: one line of numbers", p.stdout.count("|") ==
                  (1 if args[-1].endswith(".json") and args[-1] != "none.json"
                   and args[0][0] != "-" else 0), p.stdout)


def waivers(run, check):
    p = run(WARNS, "--waive", "driver.no-softdep=it works here")
    check("a waived warning ends with 0", p.returncode == 0, p.stdout)
    check("it stays visible with its reason", "waived: it works here" in p.stdout, p.stdout)
    check("it stands once: not among the notes", p.stdout.count("before nouveau") == 1, p.stdout)
    for form in ("json", "markdown", "html", "nagios", "openmetrics"):
        p = run(WARNS, "--format", form, "--waive", "driver.no-softdep=it works here")
        want = "vfio_doctor_waived 4" if form == "openmetrics" else "it works here"
        check(f"a waiver is visible in {form}", p.returncode == 0 and want in p.stdout, p.stdout)
    p = run(WARNS, "--waive", "driver.no-softdep@02:00.0=one of two")
    check("a waiver for one subject leaves the other", p.returncode == 1, p.stdout)
    p = run(FINE, "--waive", "driver.no-softdep=long gone")
    check("a waiver that fits nothing is named", "fits nothing" in p.stdout, p.stdout)
    p = run(BLOCKED, "--waive", "cpu.disabled-by-firmware=a cause")
    check("a waived cause leaves its blocker", p.returncode == 2, p.stdout)
    report = json.loads(run(BLOCKED, "--format", "json", "--waive",
                            "cpu.virtualisation-off=nested, slow, wanted").stdout)
    check("a waived blocker lets a device through", report["verdict"] == "ok", report["verdict"])
    check("what VFIO says stays", {d["vfio"] for d in report["devices"]
                                   if d["role"] == "guest"} == {"accepts"})
    check("waivers are listed", report["waivers"] == [
        {"rule": "cpu.virtualisation-off", "reason": "nested, slow, wanted", "findings": 1}],
        report.get("waivers"))
    check("no waiver, no key", "waivers" not in json.loads(run(FINE, "--format", "json").stdout))
    with tempfile.TemporaryDirectory() as d:
        def file(name, text):
            with open(f"{d}/{name}", "w", encoding="utf-8") as f:
                f.write(text)
            return f"{d}/{name}"
        good = file("good", "# why\n\ndriver.no-softdep@0000:02:00.0 = one\r\n"
                            "driver.no-softdep@0000:02:00.1=two\n")
        good2 = file("good2", "driver.no-softdep@0000:02:00.0=one\n"
                              "driver.no-softdep@0000:02:00.1=two\n")
        p = run(WARNS, "--waivers", good2)
        check("a file of waivers", p.returncode == 0 and "waived: two" in p.stdout, p.stdout)
        for status, args, words in (
                (65, ["--waivers", good], "good:3: it is not of the form"),
                (64, ["--waive", "cpu.off"], "it is not of the form RULE[@SUBJECT]=REASON"),
                (64, ["--waive", "cpu.kvm-not-loaded= "], "needs a reason"),
                (64, ["--waive", "irq.remaping=x"], "did you mean irq.remapping?"),
                (64, ["--waive", "irq.remapping=x"], "which no waiver changes"),
                (65, ["--waivers", file("b", "a.b=c\n")], 'b:1: no rule "a.b"'),
                (65, ["--waivers", file("n", "\0")], "no list of waivers"),
                (66, ["--waivers", d + "/none"], "No such file"),
                (66, ["--waivers", d], "Is a directory")):
            p = run(WARNS, *args)
            check(f"{args[0]} {os.path.basename(args[1])} ends with {status}",
                  p.returncode == status and words in p.stderr and p.stderr.count("\n") == 1
                  and not p.stdout, f"{p.returncode} {p.stderr}")


def baseline(run, check):
    before, fixed = FIXTURES + "wiki-before.json", FIXTURES + "wiki-fixed.json"
    for name, old, new, status, words in (
            ("worse", fixed, before, 2, "0000:02:00.0 was ready and is blocked"),
            ("better", before, fixed, 0, "nothing got worse"),
            ("the same, and blocked", before, before, 0, "nothing changed"),
            ("no target any more", FINE, NO_TARGET, 3, "another machine")):
        p = run(new, "--baseline", old)
        check(f"baseline, {name}: status {status}", p.returncode == status, p.stdout[:2000])
        check(f"baseline, {name}: {words}", words in p.stdout, p.stdout[:2000])
        p = run(new, "--baseline", old, "--format", "nagios")
        check(f"baseline, {name}: the plugin agrees", p.returncode == status, p.stdout)
        p = run(new, "--baseline", old, "--format", "openmetrics")
        check(f"baseline, {name}: the metrics agree",
              f"\nvfio_doctor_status {status}\n" in p.stdout
              and f"\nvfio_doctor_baseline_worse {int(name == 'worse' or status == 3)}\n"
              in p.stdout, p.stdout[:3000])
    p = run(before, "--baseline", fixed, "--format", "json")
    told = json.loads(p.stdout)["baseline"]
    check("baseline in JSON", told["trend"] == "worse" and told["verdict"] == "ok"
          and told["worse"], told)
    p = run(before, "--baseline", fixed, "--waive", "driver.no-softdep=x", "--format", "json")
    check("a waiver serves the baseline too", p.returncode == 2 and not [
        x for x in json.loads(p.stdout)["baseline"]["worse"] if "driver.no-softdep" in x],
        p.stdout[-2000:])
    p = run(before, "--baseline", "none.json")
    check("no baseline: 66", p.returncode == 66 and "none.json" in p.stderr, p.stderr)


def fleet(run, check):
    """Many snapshots: a line each, in order, whatever is wrong with some of them."""
    with open(FINE, encoding="utf-8") as f:
        whole = json.dumps(json.load(f))
    lines = [BLOCKED, "/nonexistent.json", whole, '{"a', "", FINE, "{}", NO_TARGET]
    p = run("--format", "ndjson", "-", stdin="\n".join(lines))
    got = [json.loads(x) for x in p.stdout.splitlines()]
    files = [x.get("file") for x in got]
    check("a line each, in order", files == [BLOCKED, "/nonexistent.json", "stdin:3", "stdin:4",
                                             FINE, "stdin:7", NO_TARGET], files)
    check("bad ones become errors", ["error" in x for x in got] ==
          [False, True, False, True, False, True, False], p.stdout[:500])
    check("an error has its place and words", got[3]["error"].get("line") == 1
          and "ends" in got[3]["error"]["message"], got[3])
    check("one that cannot be read: 65", p.returncode == 65 and p.stderr == "", p.stderr)
    alone = json.loads(run("--format", "json", FINE).stdout)
    check("a line is the report", {k: v for k, v in got[4].items() if k != "file"} == alone)
    check("one on stdin too", {k: v for k, v in got[2].items() if k != "file"} == alone)
    for want, files in ((0, [FINE, FINE]), (1, [FINE, WARNS]), (3, [WARNS, NO_TARGET]),
                        (2, [NO_TARGET, BLOCKED, FINE])):
        p = run("--format", "ndjson", *files)
        check(f"the worst status of {files} is {want}", p.returncode == want, p.stderr)
    with tempfile.TemporaryDirectory() as d:
        p = run("--format", "ndjson", "-o", d + "/out", FINE, BLOCKED)
        with open(d + "/out", encoding="utf-8") as f:
            check("-o holds both", len(f.readlines()) == 2 and not p.stdout)
        check("-o leaves nothing else", os.listdir(d) == ["out"], os.listdir(d))
    for args in (["--format", "json", FINE, FINE],
                 ["--format", "ndjson", "--baseline", FINE, FINE]):
        p = run(*args)
        check(f"{args[:3]}: wrong usage", p.returncode == 64 and p.stderr.count("\n") == 1, p.stderr)
