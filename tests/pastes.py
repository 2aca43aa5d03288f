"""A fixture as its owner would paste it, in the dresses that posts wear.

What a paste says can only be less than what the whole snapshot says: `triage` of it may leave
undecided what the fixture decides, it never comes to the opposite.
"""
import html
import json
import subprocess
import textwrap


def number(text):
    return int(text, 16)


def head(fn):
    """An address line of lspci -nn, behind the address."""
    rev = number(fn["revision"]) if fn.get("revision") else 0
    return (f"{fn.get('class_name') or 'Class'} [{number(fn['class_code']) >> 8:04x}]: "
            f"{fn.get('vendor_name') or ''} {fn.get('device_name') or 'Device'} "
            f"[{number(fn['vendor']):04x}:{number(fn['device']):04x}]"
            + (f" (rev {rev:02x})" if rev else ""))


def short(address):
    return address[5:] if address.startswith("0000:") else address


def functions(snap):
    """Those of which lspci would know what it prints."""
    return [f for f in snap.get("pci") or [] if f.get("class_code") and f.get("vendor")
            and f.get("device")]


def lspci_nnk(snap):
    lines = []
    for fn in functions(snap):
        lines.append(f"{short(fn['address'])} {head(fn)}")
        if fn.get("driver"):
            lines.append(f"\tKernel driver in use: {fn['driver']}")
        if fn.get("modules"):
            lines.append("\tKernel modules: " + ", ".join(fn["modules"]))
    return "\n".join(lines)


def hex_lines(config):
    data = bytes.fromhex(config)
    data = data[:len(data) // 16 * 16]
    return [f"{i:0{2 if len(data) <= 256 else 3}x}: " + " ".join(f"{b:02x}" for b in data[i:i + 16])
            for i in range(0, len(data), 16)]


def lspci_xxxx(snap):
    """Address lines and dumps, an empty line between, as lspci -xxxx -nn prints them."""
    blocks = []
    for fn in functions(snap):
        lines = [f"{short(fn['address'])} {head(fn)}"]
        if fn.get("config"):
            size = len(fn["config"]) // 2
            full = 64 if size <= 64 else 256 if size <= 256 else 4096
            lines += hex_lines(fn["config"] + "00" * (full - size))
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def lspci_vvv(snap):
    """The dump in the words of the real lspci, with the drivers that it cannot know."""
    p = subprocess.run(["lspci", "-F", "/dev/stdin", "-nnvvv"], input=lspci_xxxx(snap),
                       capture_output=True, text=True, check=False)
    drivers = {short(f["address"]): f for f in functions(snap)}
    blocks = []
    for block in p.stdout.split("\n\n"):
        fn = drivers.get(block.split(" ", 1)[0])
        if fn and "iommu_group" in fn and fn["iommu_group"] is not None:
            first, newline, rest = block.partition("\n")
            block = f"{first}{newline}\tIOMMU group: {fn['iommu_group']}\n{rest}"
        if fn and fn.get("driver"):
            block += f"\n\tKernel driver in use: {fn['driver']}"
        if fn and fn.get("modules"):
            block += "\n\tKernel modules: " + ", ".join(fn["modules"])
        blocks.append(block)
    return "\n\n".join(blocks)


def groups(snap):
    """The loop of the Arch wiki."""
    by_address = {f["address"]: f for f in functions(snap)}
    lines = []
    for group in snap.get("groups") or []:
        known = [a for a in group.get("devices") or [] if a in by_address]
        if known:
            lines.append(f"IOMMU Group {group['id']}:")
            lines += [f"\t{short(a)} {head(by_address[a])}" for a in known]
    return "\n".join(lines)


def links(snap):
    return "\n".join(f"/sys/kernel/iommu_groups/{g['id']}/devices/{a}"
                     for g in snap.get("groups") or [] for a in g.get("devices") or [])


def log_lines(snap):
    return [x for record in (snap.get("log") or {}).get("lines") or []
            for x in record.split("\n")]


def dmesg(snap):
    return "\n".join(log_lines(snap))


def unstamped(line):
    stamp, bracket, rest = line.partition("] ")
    return rest if bracket and stamp.startswith("[") else line


def journal(snap):
    return "\n".join(f"Nov 22 14:00:{i % 60:02d} tower kernel: {unstamped(x)}"
                     for i, x in enumerate(log_lines(snap)))


def journal_iso(snap):
    return "\n".join(f"2026-11-22T14:00:{i % 60:02d}+0100 tower kernel: {unstamped(x)}"
                     for i, x in enumerate(log_lines(snap)))


def journal_json(snap):
    return "\n".join(json.dumps({"_TRANSPORT": "kernel", "MESSAGE": unstamped(x), "PRIORITY": "6",
                                 "_HOSTNAME": "tower"}) for x in log_lines(snap))


def dmesg_dates(snap):
    return "\n".join(f"[Sun Nov 22 14:00:{i % 60:02d} 2026] {unstamped(x)}"
                     for i, x in enumerate(log_lines(snap)))


def cmdline(snap):
    return (snap.get("kernel") or {}).get("cmdline") or ""


def cpuinfo(snap):
    cpu = snap.get("cpu") or {}
    keys = (("vendor_id", "vendor_id"), ("cpu family", "family"), ("model", "model"),
            ("model name", "model_name"), ("stepping", "stepping"), ("microcode", "microcode"),
            ("flags", "flags"), ("address sizes", "address_sizes"))
    lines = ["processor\t: 0"] + [f"{k}\t: {cpu[v]}" for k, v in keys if cpu.get(v) is not None]
    return "\n".join(lines) if len(lines) > 3 else ""


def lsmod(snap):
    modules = [m for m in snap.get("modules") or [] if m.get("loaded")]
    return "\n".join(["Module                  Size  Used by"]
                     + [f"{m['name']:<20} 16384  {m.get('users') or 0}" for m in modules])


def interrupts(snap):
    irqs = [i for i in snap.get("irqs") or [] if i.get("chip")]
    return "\n".join(["            CPU0       CPU1"] + [
        f"{i['number']:>4}:          1          0  {i['chip']}   {i['number']}-edge      "
        f"{i.get('actions') or ''}".rstrip() for i in irqs])


def iomem(snap):
    return "\n".join("  " * r["depth"] + f"{number(r['start']):08x}-{number(r['end']):08x} : {r['name']}"
                     for r in snap.get("iomem") or [])


def files(snap):
    wanted = ("/etc/modprobe.d/", "/etc/default/grub", "/etc/modules", "/etc/kernel/cmdline",
              "/etc/mkinitcpio.conf", "/etc/initramfs-tools/modules", "/etc/dracut.conf.d/")
    return [(f["path"], f["text"].rstrip("\n")) for f in snap.get("files") or []
            if f.get("text") and f["path"].startswith(wanted)]


def session(snap):
    """What a terminal shows of somebody who was asked for everything."""
    parts = [("dmesg", dmesg(snap)), ("lspci -nnk", lspci_nnk(snap)),
             ("cat /proc/cmdline", cmdline(snap)), ("cat /proc/cpuinfo", cpuinfo(snap)),
             ("cat /proc/interrupts", interrupts(snap)), ("cat /proc/iomem", iomem(snap)),
             ("lsmod", lsmod(snap)), ("./iommu.sh", groups(snap))]
    parts += [(f"cat {path}", text) for path, text in files(snap)]
    return "".join(f"joe@tower:~$ {command}\n{text}\n" for command, text in parts if text)


def markdown(snap):
    parts = [lspci_nnk(snap), groups(snap), dmesg(snap), cmdline(snap)]
    return "Hello,\n\nmy card does not go to the guest. This is what I have:\n\n" + "\n\n".join(
        f"```\n{p}\n```" for p in parts if p) + "\n\nThanks!\n"


def quoted(snap):
    return "> On Sunday joe wrote:\n" + "\n".join(
        f"> > {x}" for x in (lspci_nnk(snap) + "\n" + dmesg(snap)).split("\n"))


def as_html(snap):
    return ("<html><body><p>My log:</p><pre><code>" + html.escape(dmesg(snap)) +
            "</code></pre><p>and</p><pre>" + html.escape(lspci_nnk(snap)) + "</pre></body></html>")


def bbcode(snap):
    return f"[b]lspci[/b]\n[code]{lspci_nnk(snap)}[/code]\n[spoiler]{dmesg(snap)}[/spoiler]"


def wrapped(snap):
    return "\n".join(y for x in log_lines(snap) for y in (textwrap.wrap(
        x, 79, break_long_words=False, break_on_hyphens=False) or [x]))


def numbered(snap):
    return "\n".join(f"{i + 1:4d}  {x}" for i, x in enumerate(log_lines(snap)))


def no_tabs(snap):
    """A forum that eats leading blanks."""
    return "\n".join(x.strip() for x in (groups(snap) + "\n\n" + lspci_nnk(snap)).split("\n"))


def grepped(snap):
    lines = [x for x in log_lines(snap) if "iommu" in x.lower() or "dmar" in x.lower()
             or "amd-vi" in x.lower()]
    return "$ dmesg | grep -i -e DMAR -e IOMMU -e AMD-Vi\n" + "\n".join(lines)


DRESSES = [session, markdown, quoted, as_html, bbcode, wrapped, numbered, no_tabs, grepped, dmesg,
           dmesg_dates, journal, journal_iso, journal_json, lspci_nnk, lspci_xxxx, lspci_vvv,
           groups, links]


def contradictions(whole, paste):
    """Where the report of the paste says the opposite of the fixture's."""
    decided = {(f["rule"], f["subject"]): f["verdict"] for f in whole["findings"]}
    found = []
    for f in paste["findings"]:
        want = decided.get((f["rule"], f["subject"]))
        if {want, f["verdict"]} == {"pass", "fail"}:
            found.append(f"{f['rule']}@{f['subject']}: {want} became {f['verdict']}: {f['message']}")
    vfio = {d["address"]: d["vfio"] for d in whole["devices"]}
    for d in paste["devices"]:
        if {vfio.get(d["address"]), d["vfio"]} == {"accepts", "refuses"}:
            found.append(f"{d['address']}: {vfio[d['address']]} became {d['vfio']}")
    return found


def never_the_opposite(run, at_once, check, snapshots):
    def one(path):
        with open(path, encoding="utf-8") as f:
            snap = json.load(f)
        whole = json.loads(run("--format", "json", path).stdout)
        wrong = []
        for dress in DRESSES:
            text = dress(snap)
            if len(text) < 40:
                continue
            p = run("triage", "--format", "json", "-", stdin=text)
            if p.returncode == 65:  # a dress that shows nothing of this machine
                continue
            if p.returncode > 3 or p.stderr:
                wrong.append((dress.__name__, f"{p.returncode}: {p.stderr}"))
                continue
            opposite = contradictions(whole, json.loads(p.stdout))
            if opposite:
                wrong.append((dress.__name__, "\n".join(opposite)))
        return path, wrong
    for path, wrong in at_once(one, snapshots):
        names = {name for name, _ in wrong}
        for dress in DRESSES:
            check(f"{path} pasted as {dress.__name__}: nothing turns round",
                  dress.__name__ not in names, "\n".join(w for n, w in wrong if n == dress.__name__))
