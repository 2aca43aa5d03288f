"""Checks of faults: every call through which the program reads and writes fails once.

tests/fault.c is preloaded. Of the calls of a run about SAMPLE are made to fail, evenly spread;
all of them with FAULTS=all in the environment.
"""
import concurrent.futures
import errno
import io
import json
import os
import resource
import signal
import subprocess
import tarfile
import tempfile
import time

import cases

SAMPLE = 120
REFUSING = {"EACCES", "EIO", "EMFILE"}  # says nothing of the machine
REPEATED = {"EINTR", "short"}  # is no error at all
FAULTS = {
    "o": ["ENOENT", "EACCES", "EMFILE"],
    "r": ["EIO", "EINTR", "short", "end", "endless"],
    "d": ["EIO"],
    "s": ["EACCES", "EIO"],
    "l": ["EACCES", "EIO"],
    "c": ["EIO"],
    "w": ["ENOSPC", "EINTR", "short", "EIO"],
    "n": ["EACCES"], "y": ["EIO"], "m": ["EPERM"], "t": ["ENOSPC", "EACCES"],
}
POST = """$ cat /proc/cmdline
BOOT_IMAGE=/vmlinuz-6.1.0-18-amd64 root=/dev/sda2 ro quiet intel_iommu=on
$ lspci -nnk
01:00.0 VGA compatible controller [0300]: NVIDIA Corporation GP107 [10de:1c82] (rev a1)
\tKernel driver in use: nouveau
\tKernel modules: nouveau
"""


class Runner:
    """Runs the program with the library preloaded."""

    def __init__(self, program, directory, env):
        self.program, self.env = program, env
        self.library = directory + "/fault.so"
        subprocess.run(["cc", "-std=c11", "-D_GNU_SOURCE", "-O1", "-shared", "-fPIC",
                        "tests/fault.c", "-o", self.library], check=True)

    def run(self, args, fault=None, at=0, log=None):
        env = dict(self.env, LD_PRELOAD=self.library)
        if fault:
            env.update(FAULT_AT=str(at), FAULT=str(getattr(errno, fault, fault)))
        if log is not None:
            env["FAULT_LOG"] = str(log)
        try:
            return subprocess.run([self.program, *args], capture_output=True, env=env, timeout=60,
                                  stdin=subprocess.DEVNULL, pass_fds=[log] if log else [],
                                  preexec_fn=limit)
        except subprocess.TimeoutExpired as e:
            return subprocess.CompletedProcess(args, -signal.SIGALRM, b"", str(e).encode())

    def calls(self, args):
        with tempfile.TemporaryFile() as f:
            p = self.run(args, log=f.fileno())
            f.seek(0)
            return p, f.read().decode()


def limit():
    resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))


def verdicts(text):
    """What the report in JSON says of each rule and subject: broken, not broken, or unknown."""
    report = json.loads(text)
    found = {(f["rule"], f["subject"]): {"fail": True, "unknown": None}.get(f["verdict"], False)
             for f in report["findings"]}
    found["verdict"] = {"ok": False, "warning": False, "blocked": True}.get(report["verdict"])
    return found


def turned(before, after):
    """The verdicts that turned round."""
    return [k for k, v in before.items() if v is not None and after.get(k) is not None
            and after[k] != v]


def wrong(p, fault, before, compares, fleet=False):
    """One clause that says what is wrong with a run under FAULT; None if nothing is."""
    error = p.stderr.decode(errors="replace")
    if fleet and p.returncode == 65 and fault not in REPEATED and not error:
        return None  # its line says so
    if p.returncode not in (0, 1, 2, 3, 64, 65, 66, 74):
        return f"status {p.returncode}: {error[:300]}"
    if error.count("\n") != (p.returncode >= 64):
        return f"status {p.returncode}, stderr: {error[:300]}"
    if p.returncode >= 64:
        return f"it is no error: {error}" if fault in REPEATED else (
            "half a report" if p.stdout else None)
    if not compares:
        return None
    try:
        after = verdicts(p.stdout)
    except ValueError as e:
        return f"no report: {e}"
    if fault in REFUSING | REPEATED:
        bad = turned(before, after)
        if bad:
            return f"turned: {bad[:4]}"
    return None


def chosen(calls, faults):
    """Pairs of a call and a fault."""
    pairs = [(i + 1, fault) for i, letter in enumerate(calls) for fault in faults[letter]]
    if os.environ.get("FAULTS") == "all":
        return pairs
    stride = max(1, len(pairs) / SAMPLE)
    return [pairs[int(i * stride)] for i in range(min(len(pairs), SAMPLE))]


def at_once(work, items):
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        return list(pool.map(work, items))


def reading(runner, check, name, args):
    """Every call of a run that prints a report."""
    whole, calls = runner.calls(args)
    check(f"faults, {name}: a run without any", whole.returncode < 4 and whole.stderr == b""
          and calls, whole.stderr)
    before = verdicts(whole.stdout)
    runs = at_once(lambda pair: (pair, runner.run(args, pair[1], pair[0])), chosen(calls, FAULTS))
    # A live host may change by itself
    after = verdicts(runner.run(args).stdout)
    before = {k: v for k, v in before.items() if after.get(k) == v}
    for (at, fault), p in runs:
        why = wrong(p, fault, before, True)
        check(f"faults, {name}: {fault} at call {at} ({calls[at - 1]})", why is None, why)


def writing(runner, check, name, args, d, fleet=False):
    """Every call of a run with -o: the old file or the new one, and nothing beside it."""
    out = f"{d}/out"

    def once(pair):
        where = tempfile.mkdtemp(dir=d)
        with open(where + "/out", "w", encoding="utf-8") as f:
            f.write("old")
        p = runner.run([*args, "-o", where + "/out"], pair[1], pair[0])
        with open(where + "/out", encoding="utf-8") as f:
            text = f.read()
        why = wrong(p, pair[1], None, False, fleet)
        if not why and os.listdir(where) != ["out"]:
            why = f"left behind: {os.listdir(where)}"
        if not why and text not in ("old", whole) and p.returncode != 65:
            why = f"a part of the report: {text[-60:]}"
        if not why and p.returncode < 4 and text == "old" or p.returncode == 74 and text != "old":
            why = f"status {p.returncode}, and the file is {'old' if text == 'old' else 'new'}"
        return pair, why

    p, calls = runner.calls([*args, "-o", out])
    with open(out, encoding="utf-8") as f:
        whole = f.read()
    check(f"faults, {name}: a run without any", p.returncode < 4 and whole, p.stderr)
    first = calls.index("t")  # what was read is another test's
    pairs = [(at, fault) for at, fault in ((i + 1, fault) for i, letter in enumerate(calls)
             for fault in FAULTS[letter]) if at > first]
    for (at, fault), why in at_once(once, pairs):
        check(f"faults, {name}: {fault} at call {at} ({calls[at - 1]})", why is None, why)


def unplugged(runner, check, name, args, device):
    """A device that goes away at some moment of the scan."""
    _, calls = runner.calls(args)
    moments = range(1, len(calls), max(1, len(calls) // 24))
    for at, p in at_once(lambda at: (at, runner.run(args, "gone:" + device, at)), moments):
        why = wrong(p, "gone", {}, True)
        check(f"faults, {name}: {device} is unplugged at call {at}", why is None, why)


def outputs(runner, check, d):
    """Full disk and closed pipe on stdout; signals while a file is written."""
    fixture = "tests/fixtures/desk-arch.json"
    with open("/dev/full", "w", encoding="utf-8") as full:
        for args in ([fixture], ["--format", "html", fixture], ["--format", "ndjson", fixture],
                     ["triage", fixture], ["plan", "--guest", "06:00.0", fixture],
                     ["rules", "list"], ["--help"], ["docs", "facts"]):
            p = subprocess.run([runner.program, *args], stdout=full, stderr=subprocess.PIPE,
                               env=runner.env, timeout=60)
            check(f"full disk on stdout: {args}", p.returncode == 74
                  and p.stderr.count(b"\n") == 1, p.stderr)
    for args in ([fixture], ["--format", "ndjson", *[fixture] * 40]):
        end, start = os.pipe()
        os.close(end)
        p = subprocess.run([runner.program, *args], stdout=start, stderr=subprocess.PIPE,
                           env=runner.env, timeout=60)
        os.close(start)
        check(f"closed pipe on stdout: {args[:2]}", p.returncode in (74, -signal.SIGPIPE)
              and p.stderr.count(b"\n") <= 1, f"{p.returncode} {p.stderr}")
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        for wait in (0.005, 0.03, 0.08):
            where = tempfile.mkdtemp(dir=d)
            with subprocess.Popen([runner.program, "--format", "ndjson", "-o", where + "/out",
                                   *[fixture] * 400], env=runner.env) as p:
                time.sleep(wait)
                p.send_signal(number)
                status = p.wait(60)
            left = os.listdir(where)
            check(f"{number.name} after {wait} s: nothing is left behind",
                  status == -number and left == [] or status in (0, 1, 2, 3) and left == ["out"],
                  f"{status} {left}")


def archive(tree, path):
    with tarfile.open(path, "w:gz") as tar:
        for name in ("proc/cmdline", "etc/modprobe.d/vfio.conf", "sys/bus/pci/devices",
                     "sys/devices"):
            tar.add(f"{tree}/{name}", "host/" + name)
        info = tarfile.TarInfo("host/lspci")
        info.size = len(POST)
        tar.addfile(info, io.BytesIO(POST.encode()))


def faults(program, env, check):
    fixture = "tests/fixtures/desk-arch.json"
    with tempfile.TemporaryDirectory() as d:
        runner = Runner(program, d, dict(env, TMPDIR=d))
        tree = d + "/tree"
        cases.make_tree(tree)
        archive(tree, d + "/tree.tar.gz")
        with open(d + "/post", "w", encoding="utf-8") as f:
            f.write(POST)
        report = ["--format", "json"]
        reading(runner, check, "live", report)
        reading(runner, check, "tree", [*report, "--root", tree])
        reading(runner, check, "replay", [*report, fixture])
        reading(runner, check, "triage", ["triage", *report, d + "/post"])
        reading(runner, check, "archive", ["triage", *report, d + "/tree.tar.gz"])
        check("faults: no directory is left behind", not [
            x for x in os.listdir(d) if x.startswith("vfio-doctor-")], os.listdir(d))
        writing(runner, check, "-o", [*report, fixture], d)
        writing(runner, check, "-o of a fleet", ["--format", "ndjson", *[fixture] * 3], d, True)
        writing(runner, check, "-o of a snapshot", ["snapshot", "--root", tree], d)
        unplugged(runner, check, "tree", [*report, "--root", tree], "0000:00:02.0")
        devices = sorted(os.listdir("/sys/bus/pci/devices")) if os.path.isdir(
            "/sys/bus/pci/devices") else []
        for device in devices[-1:]:
            unplugged(runner, check, "live", report, device)
        outputs(runner, check, d)
