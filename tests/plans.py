"""Plans, tried out on copies of the fixtures: what is edited, and what a second plan still asks."""
import copy
import json
import os
import re
import subprocess

FIXTURES = "tests/fixtures"


def load(name):
    with open(f"{FIXTURES}/{name}.json", encoding="utf-8") as f:
        return json.load(f)


def file_of(snapshot, path):
    """The entry of a file, None if the host has no such file."""
    return next((f for f in snapshot.get("files", []) if f["path"] == path), None)


def put_file(snapshot, path, text, mtime=1731000100):
    """Puts a file with this text into a snapshot, in the order of paths; None takes it out."""
    files = [f for f in snapshot.setdefault("files", []) if f["path"] != path]
    if text is not None:
        files.append({"path": path, "mtime": mtime, "size": len(text.encode()), "text": text,
                      "link": None, "trouble": None})
    snapshot["files"] = sorted(files, key=lambda f: f["path"])


def edits(plan):
    return [e for step in plan["steps"] for e in step["edits"]]


def commands(plan):
    return [c for step in plan["steps"] for c in step["commands"]]


def apply_edits(texts, changes):
    """TEXTS (by path) with the changes made; raises ValueError where one does not fit."""
    done = dict(texts)
    lines = {p: t.splitlines() for p, t in texts.items()}
    for e in changes:
        path = e["path"]
        if e["line"] is None:
            if e["new_file"] and path in texts:
                raise ValueError(f"{path} is not new")
            lines.setdefault(path, [])
            lines[path] = [*lines[path], *e["new"].split("\n")]
            continue
        if path not in texts or not 1 <= e["line"] <= len(texts[path].splitlines()):
            raise ValueError(f"{path} has no line {e['line']}")
        if texts[path].splitlines()[e["line"] - 1] != e["old"]:
            raise ValueError(f"{path}:{e['line']} is not {e['old']!r}")
        lines[path][e["line"] - 1] = e["new"]
    for path, kept in lines.items():
        if any(e["path"] == path for e in changes):
            done[path] = "".join(line + "\n" for line in kept if line is not None)
    return done


def texts_of(snapshot):
    return {f["path"]: f["text"] for f in snapshot.get("files", []) if f["text"] is not None}


def edited(snapshot, plan):
    """The snapshot as it would be with the plan's edits of files made, nothing else."""
    after = copy.deepcopy(snapshot)
    before = texts_of(snapshot)
    for path, text in apply_edits(before, edits(plan)).items():
        if before.get(path) != text:
            put_file(after, path, text)
    return after


def restarted(snapshot, plan):
    """The same, and the kernel got the list of IDs that stands in its loader's file."""
    after = edited(snapshot, plan)
    for e in edits(plan):
        for word in re.findall(r"vfio-pci\.ids=[^ \"]*", e["new"] or ""):
            line = re.sub(r" vfio-pci\.ids=\S*( 1?\S*:\S*)?", "", after["kernel"]["cmdline"])
            after["kernel"]["cmdline"] = f"{line} {word}"
    return after


def boot_before(snapshot, when=1731000000):
    """A snapshot that does not say when its kernel booted says it now."""
    if snapshot["host"].get("boot_time") is None:
        snapshot["host"]["boot_time"] = when
    return snapshot


def run_script(script, plan, texts, folder):
    """The texts after the script's edits, run on copies below FOLDER; its commands do nothing."""
    for path, text in texts.items():
        os.makedirs(os.path.dirname(folder + path), exist_ok=True)
        with open(folder + path, "w", encoding="utf-8") as f:
            f.write(text)
    lines = script.splitlines()
    for command in commands(plan):
        lines[lines.index(command)] = ":"
    lines[lines.index("exit 1")] = ":"
    script = "\n".join(lines) + "\n"
    for e in edits(plan):
        os.makedirs(os.path.dirname(folder + e["path"]), exist_ok=True)
        script = script.replace(f"'{e['path']}'\n", f"'{folder}{e['path']}'\n")
    p = subprocess.run(["sh", "-e"], input=script, capture_output=True, text=True)
    if p.returncode:
        raise ValueError(p.stderr)
    found = {}
    for path in {*texts, *(e["path"] for e in edits(plan))}:
        with open(folder + path, encoding="utf-8") as f:
            found[path] = f.read()
    return found


# --- copies of the fixtures with one thing changed -----------------------------------------

LOADER_FILES = ("/etc/default/grub", "/etc/kernel/cmdline", "/boot/grub/grub.cfg",
                "/boot/grub2/grub.cfg")


def functions(snapshot, *starts):
    return [f for f in snapshot["pci"] if f["address"].startswith(starts)]


def put_words(snapshot, old, new):
    """The words OLD of the kernel's command line, running and configured, become NEW."""
    line = snapshot["kernel"]["cmdline"]
    snapshot["kernel"]["cmdline"] = line.replace(old, new) if old else f"{line} {new}"
    for f in snapshot["files"]:
        text, lines = f["text"], []
        if text is None or not (f["path"] in LOADER_FILES or "/loader/entries/" in f["path"]):
            continue
        for x in text.splitlines():
            if old:
                x = x.replace(old, new)
            elif x.startswith("GRUB_CMDLINE_LINUX") and x.endswith('"') and new not in "".join(lines):
                x = f'{x[:-1]} {new}"'
            elif x.startswith("options ") or f["path"] == "/etc/kernel/cmdline":
                x += " " + new
            lines.append(x)
        f["text"] = "".join(x + "\n" for x in lines)


def switch_iommu_off(snapshot):
    """As a kernel leaves a host that it gave no IOMMU: no groups, no units, no remapping."""
    snapshot["groups"], snapshot["units"], snapshot["irqs"] = [], [], []
    for f in snapshot["pci"]:
        f["iommu_group"] = None


def off_by_word(snapshot, word):
    put_words(snapshot, "", word)
    switch_iommu_off(snapshot)


def add_twin(snapshot, slot, twin):
    """A second card of the same kind, which the host uses."""
    more = copy.deepcopy(functions(snapshot, slot))
    for f in more:
        f["address"] = f["address"].replace(slot, twin)
        f["iommu_group"] = 90
    snapshot["pci"] = sorted(snapshot["pci"] + more, key=lambda f: f["address"])
    snapshot["groups"].append(dict(snapshot["groups"][0], id=90,
                                   devices=[f["address"] for f in more]))


def move_to_group(snapshot, address, group):
    """The kernel made the groups otherwise; GROUP may be a new one."""
    for g in snapshot["groups"]:
        g["devices"] = [a for a in g["devices"] if a != address]
    snapshot["groups"] = [g for g in snapshot["groups"] if g["devices"]]
    found = [g for g in snapshot["groups"] if g["id"] == group]
    if not found:
        found = [dict(snapshot["groups"][0], id=group, devices=[])]
        snapshot["groups"] += found
    found[0]["devices"] = sorted([*found[0]["devices"], address])
    for f in functions(snapshot, address):
        f["iommu_group"] = group


def forget_files(snapshot):
    """A paste: no configuration files, no name of the distribution."""
    snapshot["files"] = []
    snapshot["host"]["os_id"] = snapshot["host"]["os_name"] = None
    for s in snapshot["sources"]:
        if s["name"] in ("modprobe", "boot-config", "initramfs"):
            s["status"] = "missing"


def list_of(text, path="/etc/modprobe.d/vfio.conf"):
    return lambda s: put_file(s, path, text, 1700000000)


def two_lists(s):
    put_file(s, "/etc/modprobe.d/a.conf", "options vfio-pci ids=10de:1e87\n", 1700000000)
    put_file(s, "/etc/modprobe.d/b.conf", "# second\noptions vfio-pci ids=10de:10f8 disable_vga=1\n",
             1700000000)


def twin_with_list(s):
    add_twin(s, "0000:01:00", "0000:09:00")
    put_file(s, "/etc/modprobe.d/vfio.conf", "options vfio-pci ids=10de:1e87,10de:10f8\n", 1700000000)


def without_default_on(s):
    put_words(s, "intel_iommu=on iommu=pt", "iommu=pt")
    switch_iommu_off(s)
    s["kernel"]["config"] = [x for x in s["kernel"]["config"] if "DEFAULT_ON" not in x]


def built_in(s):
    for f in functions(s, "0000:01:00.2"):
        f["modules"] = []


def unended(s):
    put_file(s, "/etc/modprobe.d/vfio.conf", "# vfio-pci", 1700000000)


def add_processor_parts(s):
    """What stands beside the graphics of a processor: security, USB and the board's sound."""
    for number, like in ((2, "0000:08:00.1"), (3, "0000:08:00.3"), (6, "0000:08:00.4")):
        f = copy.deepcopy(functions(s, like)[0])
        f["address"], f["iommu_group"] = f"0000:0a:00.{number}", 50 + number
        f["device"] = f"0x16{number}9"
        s["pci"].append(f)
        s["groups"].append(dict(s["groups"][0], id=50 + number, devices=[f["address"]]))
    s["pci"].sort(key=lambda f: f["address"])


def vmd_target(s):
    """The card behind Intel's volume management device, in a domain of its own."""
    for f in functions(s, "0000:01:00"):
        f["address"] = f["address"].replace("0000:01", "10000:e1")
    s["pci"].sort(key=lambda f: (int(f["address"].split(":")[0], 16), f["address"]))
    for g in s["groups"]:
        g["devices"] = [a.replace("0000:01:00", "10000:e1:00") for a in g["devices"]]


class Try:
    """A copy of FIXTURE, changed, and what its plan must (has) and must not (lacks) say.

    FILES: what files must be when all edits are made. COMMANDS: all of them, in order.
    """

    def __init__(self, name, fixture, guest, change=None, has=(), lacks=(), files=None,
                 commands=None):
        self.name, self.fixture, self.guest, self.change = name, fixture, guest, change
        self.has, self.lacks, self.files, self.commands = has, lacks, files or {}, commands

    def snapshot(self):
        found = load(self.fixture)
        if self.change:
            self.change(found)
        return found


GRUB = "/etc/default/grub"
VFIO = "/etc/modprobe.d/vfio.conf"
RTX = "0000:01:00.0"
ALL_IDS = "options vfio-pci ids=10de:1e87,10de:10f8,10de:1ad8,10de:1ad9"

TRIES = [
    # each distribution, with the IOMMU switched off by a word
    Try("Debian", "desk-thinkpad", RTX, lambda s: off_by_word(s, "intel_iommu=off"),
        has=['GRUB_CMDLINE_LINUX_DEFAULT="quiet"', "switches the IOMMU off"], lacks=["+intel_iommu"],
        commands=["update-initramfs -u -k all", "update-grub"]),
    Try("Ubuntu, with a word that has no effect", "desk-ubuntu-libvirt", RTX,
        lambda s: (put_words(s, "intel_iommu=on iommu=pt", "intel_iommu=off amd_iommu=on"),
                   switch_iommu_off(s)),
        has=['GRUB_CMDLINE_LINUX_DEFAULT="quiet splash amd_iommu=on"', "amd_iommu=on: it has no effect"],
        commands=["update-initramfs -u -k all", "update-grub"]),
    Try("Proxmox VE", "desk-proxmox-zfs", RTX, lambda s: off_by_word(s, "amd_iommu=off"),
        has=["line 1 of /etc/kernel/cmdline"], lacks=[GRUB],
        files={"/etc/kernel/cmdline": "root=ZFS=rpool/ROOT/pve-1 boot=zfs quiet iommu=pt\n"},
        commands=["proxmox-boot-tool refresh"]),
    Try("Fedora", "desk-fedora-one-card", "0000:09:00.0", lambda s: off_by_word(s, "amd_iommu=off"),
        lacks=[GRUB, "keep a boot entry"],
        commands=['grubby --update-kernel=ALL --remove-args="amd_iommu=off"',
                  "dracut --force --regenerate-all"]),
    Try("Arch", "desk-arch", "0000:06:00.0", lambda s: off_by_word(s, "amd_iommu=off"),
        has=["line 5 of /boot/loader/entries/arch.conf"], lacks=["Module configuration"], commands=[]),
    Try("openSUSE", "desk-suse-raphael", "0000:09:00.0", lambda s: off_by_word(s, "amd_iommu=off"),
        has=["/etc/dracut.conf.d/vfio.conf"],
        commands=["dracut --force --regenerate-all", "grub2-mkconfig -o /boot/grub2/grub.cfg"]),
    Try("a system that nothing is known of", "desk-ubuntu-libvirt", RTX,
        lambda s: (put_words(s, "intel_iommu=on", "intel_iommu=off"), switch_iommu_off(s), forget_files(s)),
        has=["whose distribution is not known", "take out of the kernel command line:",
             "Which boot loader starts this machine could not be told",
             "The files in /etc/modprobe.d could not be read", "Which tool makes the initramfs",
             "softdep nvidia pre: vfio-pci"], lacks=["new file", "update-", "line 4"], commands=[]),
    Try("VT-d that the kernel leaves off", "desk-ubuntu-libvirt", RTX, without_default_on,
        has=['"quiet splash iommu=pt intel_iommu=on"', "leave iommu=pt"]),
    # lists of IDs
    Try("a list with a blank", "desk-ubuntu-libvirt", RTX, list_of("options vfio-pci ids=10de:1e87, 10de:10f8\n"),
        has=["line 1 of " + VFIO + " becomes: " + ALL_IDS + " ", "a blank ends the list"]),
    Try("a list with a blank on the command line", "desk-ubuntu-libvirt", RTX,
        lambda s: put_words(s, "iommu=pt", "iommu=pt vfio-pci.ids=10de:1e87, 10de:10f8"),
        has=['iommu=pt vfio-pci.ids=10de:1e87,10de:10f8,10de:1ad8,10de:1ad9"'],
        lacks=["options vfio-pci"]),
    Try("two lists", "desk-ubuntu-libvirt", RTX, two_lists,
        has=["take line 1 out of /etc/modprobe.d/a.conf"],
        files={"/etc/modprobe.d/a.conf": "",
               "/etc/modprobe.d/b.conf": "# second\n" + ALL_IDS + " disable_vga=1\n"
               "softdep nvidia pre: vfio-pci\nsoftdep snd_hda_intel pre: vfio-pci\n"
               "softdep xhci_pci pre: vfio-pci\nsoftdep i2c_nvidia_gpu pre: vfio-pci\n"}),
    Try("a list for another guest stays whole", "desk-ubuntu-libvirt", RTX,
        list_of("options vfio-pci ids=8086:15f3,10de:1e87\n"), has=["ids=8086:15f3,10de:1e87,10de:10f8"]),
    Try("a file without an end of its last line", "desk-ubuntu-libvirt", RTX, unended,
        files={VFIO: "# vfio-pci\n" + ALL_IDS + "\nsoftdep nvidia pre: vfio-pci\n"
               "softdep snd_hda_intel pre: vfio-pci\nsoftdep xhci_pci pre: vfio-pci\n"
               "softdep i2c_nvidia_gpu pre: vfio-pci\n"}),
    # two cards of one kind
    Try("the host has the same card", "desk-ubuntu-libvirt", RTX,
        lambda s: add_twin(s, "0000:01:00", "0000:09:00"),
        has=["install vfio-pci for d in 0000:01:00.0 0000:01:00.1 0000:01:00.2 0000:01:00.3;",
             "the host uses another device with the same ID"], lacks=["ids=", "0000:09:00"]),
    Try("the host has the same card, and a list takes both", "desk-ubuntu-libvirt", RTX, twin_with_list,
        has=["install vfio-pci for d in 0000:01:00.0 0000:01:00.1", "take line 1 out of " + VFIO],
        lacks=["0000:09:00"]),
    Try("both cards go", "desk-ubuntu-libvirt", RTX + ",0000:09:00.0",
        lambda s: add_twin(s, "0000:01:00", "0000:09:00"), has=[ALL_IDS, "id=guest2", "hostpci1: 0000:09:00,pcie=1"],
        lacks=["install vfio-pci"]),
    # what is part of the kernel
    Try("vfio-pci is built in", "desk-vfio-builtin", RTX, list_of(None),
        has=["vfio-pci.ids=10de:1e87,10de:10f8,10de:1ad8,10de:1ad9", "built into this kernel"],
        lacks=["softdep", "Early modules"], commands=["update-grub"]),
    Try("a native driver is built in", "desk-ubuntu-libvirt", RTX, built_in,
        has=["the driver of 0000:01:00.2 is built into this kernel"], lacks=["softdep xhci_pci"],
        commands=["driverctl set-override 0000:01:00.2 vfio-pci", "update-initramfs -u -k all"]),
    Try("a virtual function", "lab-sriov", "0000:01:10.0",
        commands=["driverctl set-override 0000:01:10.0 vfio-pci"], has=["hostpci0: 0000:01:10.0,pcie=1"]),
    # groups
    Try("two guests in one plan", "desk-arch", "0000:06:00.0,0000:08:00.3",
        has=["ids=10de:2484,10de:228b,1022:149c ", "id=guest2", "hostpci1: 0000:08:00.3,pcie=1"],
        lacks=["1022:1487", "crypto"]),
    Try("a companion in another group", "desk-ubuntu-libvirt", RTX, lambda s: move_to_group(s, "0000:01:00.1", 91),
        has=[ALL_IDS]),
    Try("a device of the host in the group", "desk-ubuntu-libvirt", RTX,
        lambda s: move_to_group(s, "0000:00:14.0", functions(s, RTX)[0]["iommu_group"]),
        has=["which the host uses", "name them with --guest too"], lacks=["8086:7ae0", "0000:00:14.0"]),
    Try("the graphics of a processor", "desk-suse-raphael", "0000:0a:00.0", add_processor_parts,
        has=["0a:00.1 HDMI audio", "hostpci0: 0000:0a:00.0;0000:0a:00.1,pcie=1"],
        lacks=["0a:00.2", "0a:00.3", "0a:00.6"]),
    Try("everything is right", "desk-arch", "0000:06:00.0", has=["There is nothing to configure"], commands=[]),
    Try("an ordinary user sees less", "desk-arch-user", "0000:06:00.0", lacks=["new file"], commands=[]),
    # the guest's lines
    Try("another domain", "desk-ubuntu-libvirt", "10000:e1:00.0", vmd_target,
        has=["vfio-pci,sysfsdev=/sys/bus/pci/devices/10000:e1:00.0,bus=guest1", "domain='0x10000' bus='0xe1'"]),
    Try("conventional PCI", "lab-pci-bridge", "0000:02:02.0",
        has=["-device pcie-pci-bridge,id=guest1pci,bus=guest1",
             "host=0000:02:02.0,bus=guest1pci,addr=01.0", "hostpci0: 0000:02:02.0"], lacks=["pcie=1"]),
]


# --- one machine at another time ------------------------------------------------------------

def newer_kernel(s):
    new = json.loads(json.dumps(s).replace("6.8.0-49-generic", "6.8.0-51-generic"))
    s.update(new)


def renumbered(s):
    """A firmware update that puts another bus in front of the cards."""
    text = json.dumps(s)
    for bus in range(8, 0, -1):
        text = text.replace(f"0000:0{bus}:", f"0000:0{bus + 1}:")
    s.update(json.loads(text))
    s["host"]["dmi"]["bios_version"] = "9999"


def gone(s):
    s["pci"] = [f for f in s["pci"] if not f["address"].startswith("0000:01:00")]
    for g in s["groups"]:
        g["devices"] = [a for a in g["devices"] if not a.startswith("0000:01:00")]
    s["groups"] = [g for g in s["groups"] if g["devices"]]


def later(s):
    """Only what differs from one look to the next."""
    for f in s["files"]:
        f["mtime"] += 0 if f["text"] is None else 5
    s["host"]["mem_available_kib"] -= 1000
    for f in s["pci"]:
        f["power_state"] = "D3hot" if f["power_state"] == "D0" else f["power_state"]


# Name, exit status, words of the report, and what happens to desk-ubuntu-libvirt.
CHANGES = [
    ("another look", 0, ["Nothing changed."], later),
    ("a newer kernel", 1, ["kernel.release: 6.8.0-49-generic → 6.8.0-51-generic"], newer_kernel),
    ("firmware renumbers", 2, ["02:00.0 GeForce RTX 2080 Rev. A", "was 01:00.0", "there is no device at 01:00.0"],
     renumbered),
    ("the card is gone", 2, ["01:00.0 GeForce RTX 2080 Rev. A gone"], gone),
    ("a group is split", 1, ["group 10 is groups 10 and 77 now"], lambda s: move_to_group(s, "0000:01:00.2", 77)),
    ("the IOMMU is off", 2, ["iommu.off-word: none → intel_iommu=off", "+ intel_iommu=off"],
     lambda s: off_by_word(s, "intel_iommu=off")),
    ("another machine", 2, ["These are two machines."],
     lambda s: (gone(s), s["host"]["dmi"].update(board_name="another board"))),
]
