"""The fixtures of the golden reports: which snapshot is judged with which options."""
import collections
import os

FORMATS = ("text", "json", "markdown", "html")
# When the golden reports were written, as far as they say so.
NOW = "1795305600"


def formats(case):
    """The formats in which a case is kept: all for every fixture. HTML is the tree of the
    Markdown report in another writing, so for single devices of a fixture it is left out."""
    return [form for form in FORMATS if form != "html" or not case.args]


Case = collections.namedtuple("Case", "name snapshot args")
# A run of another verb: its output is tests/golden/NAME, its words follow the program's name.
Run = collections.namedtuple("Run", "name args")
DIFF_FORMATS = ("text", "json", "markdown")
TRIAGE_FORMATS = ("text", "markdown", "bbcode")

# A fixture is judged once without options, and once more for each row here.
GUESTS = {
    # a disk of the host; a USB controller; two cards, of which one drags the rest along; a
    # card and a bridge; a card and an address where nothing is; the same one twice
    "desk-arch": ["0000:01:00.0", "0000:08:00.3", "0000:04:00.0,0000:06:00.0",
                  "0000:06:00.0,0000:02:00.2", "0000:06:00.0,0000:2b:00.0", "0000:06:00.0,06:00.0"],
    "desk-proxmox-zfs": ["0000:04:00.0"],
    "lab-same-id": ["0000:02:00.0,0000:00:1b.0"],
    "lab-sriov": ["0000:01:10.0"],
    "lab-intel-works": ["0000:02:00.0", "0000:01:00.0,0000:02:00.0"],
    "lab-intel-no-remapping": ["0000:02:00.0"],
    "lab-intel-iommu-off": ["0000:02:00.0"],
    "lab-amd-ivrs-no-ioapic": ["0000:02:00.0"],
    "lab-amd-works": ["0000:02:00.0"],
    "lab-pci-bridge": ["0000:02:02.0"],
    "lab-rmrr": ["0000:00:19.0"],
    "desk-ubuntu-libvirt": ["0000:01:00.0"],
    "desk-fedora-one-card": ["0000:09:00.0"],
    "desk-fedora-one-card-bound": ["0000:09:00.0"],
    "desk-thinkpad": ["0000:01:00.0"],
    "desk-poweredge": ["0000:31:00.2", "10000:01:00.0", "0000:31:00.0,0000:31:00.2"],
    "desk-suse-raphael": ["0000:09:00.0"],
    "desk-hybrid-laptop": ["0000:03:00.0,0000:03:00.1"],
    "desk-container": ["0000:01:00.0", "0000:06:00.0"],
    "desk-vtd-off": ["0000:01:00.0"],
    "desk-not-regenerated": ["0000:01:00.0"],
    "desk-wrong-file": ["0000:01:00.0"],
    "wiki-before": ["0000:02:00.0"],
}


# Snapshots of one machine at two moments, or of two machines that differ in one thing.
DIFFS = {
    "wiki-before-fixed": ("wiki-before", "wiki-fixed", []),
    "wiki-before-after": ("wiki-before", "wiki-after", []),
    "lab-intel-works-off": ("lab-intel-works", "lab-intel-iommu-off", ["--guest", "0000:02:00.0"]),
    "lab-no-acs-ports-works": ("lab-no-acs-ports", "lab-intel-works", []),
    "lab-rmrr-shared-group": ("lab-rmrr", "lab-rmrr-shared-group", []),
    "desk-arch-user": ("desk-arch-user", "desk-arch", []),
    "desk-fedora-one-card-bound": ("desk-fedora-one-card", "desk-fedora-one-card-bound",
                                   ["--guest", "0000:09:00.0"]),
    "same": ("lab-amd-works", "lab-amd-works", []),
}

# Functions that `explain` is asked about: fixture, address.
EXPLAINED = [
    ("lab-intel-works", "0000:02:00.0"), ("lab-no-acs-ports", "0000:02:00.0"),
    ("lab-pci-bridge", "0000:02:02.0"), ("lab-sriov", "0000:01:00.0"),
    ("lab-rmrr", "0000:00:19.0"), ("lab-intel-iommu-off", "0000:02:00.0"),
    ("lab-amd-user", "0000:02:00.0"), ("desk-poweredge", "10000:01:00.0"),
    ("wiki-before", "0000:02:00.0"), ("desk-thinkpad", "0000:01:00.0"),
    # a virtual function, a bridge that isolates, one that does not, one whose group nobody made
    ("lab-sriov", "0000:01:10.0"), ("desk-ubuntu-libvirt", "0000:00:01.0"),
    ("lab-no-acs-ports", "0000:00:1c.0"), ("lab-pci-bridge", "0000:01:00.0"),
    ("lab-intel-iommu-off", "0000:00:1c.1"), ("desk-arch", "0000:00:00.2"),
]

# Plans: fixture, functions, formats. A refusal is a line on stderr and a status.
PLANS = [
    ("wiki-before", "0000:02:00.0", ("text", "json", "markdown", "sh")),
    ("desk-ubuntu-libvirt", "0000:01:00.0", ("text", "json", "markdown", "sh")),
    ("desk-fedora-one-card", "0000:09:00.0", ("text", "json")),
    ("desk-proxmox-zfs", "0000:01:00.0", ("text", "json")),
    ("desk-suse-raphael", "0000:09:00.0", ("text", "sh")),
    ("desk-not-regenerated", "0000:01:00.0", ("text", "sh")),
    ("desk-wrong-file", "0000:01:00.0", ("text", "sh")),
    ("desk-vtd-off", "0000:01:00.0", ("text", "sh")),
    ("desk-thinkpad", "0000:01:00.0", ("text",)),
    ("desk-sound-blacklisted", "0000:06:00.0", ("text",)),
    ("desk-vfio-builtin", "0000:01:00.0", ("text",)),
    ("lab-intel-iommu-off", "0000:02:00.0", ("text", "json", "sh")),
    ("lab-ids-builtin", "0000:02:00.0", ("text",)),
    ("lab-amd-ivrs-no-ioapic", "0000:02:00.0", ("text",)),
    ("lab-amd-ivrs-uncovered", "0000:02:00.0", ("text",)),
    ("lab-pci-bridge", "0000:02:02.0", ("text",)),
]
REFUSED = [
    ("desk-arch", "0000:01:00.0", "the host runs from"),
    ("wiki-before", "0000:00:02.0", "bridge"),
    ("wiki-before", "0000:77:00.0", "no device at 77:00.0"),
    ("desk-arch", "0000:00:00.2", "the IOMMU itself"),
    ("desk-arch", "0000:06:00.0,0000:04:00.0", "default route"),
]
# What monitoring reads of some fixtures, with a baseline and waivers.
MONITORED = {
    "desk-arch": [], "desk-svm-off": [], "desk-poweredge": [],
    "desk-no-softdep": ["--waive", "driver.no-softdep@02:00.1=this one is fine",
                        "--waive", "gpu.last-display=there is another"],
    "wiki-before": ["--baseline", "tests/fixtures/wiki-fixed.json"],
}


def runs():
    """Every run of another verb than the audit, whose output is kept."""
    found = []
    for name, (old, new, args) in sorted(DIFFS.items()):
        for form in DIFF_FORMATS:
            found.append(Run(f"{name}.diff.{form}",
                             ["diff", *args, "--format", form, f"tests/fixtures/{old}.json",
                              f"tests/fixtures/{new}.json"]))
    for name, guest, forms in PLANS:
        for form in forms:
            found.append(Run(f"{name}@{guest.replace(':', '.')}.plan.{form}",
                             ["plan", "--guest", guest, "--format", form,
                              f"tests/fixtures/{name}.json"]))
    for name, address in EXPLAINED:
        found.append(Run(f"{name}@{address.replace(':', '.')}.explain",
                         ["explain", address, f"tests/fixtures/{name}.json"]))
    for name, args in MONITORED.items():
        for form in ("nagios", "openmetrics") + (("text", "json", "markdown") if args else ()):
            found.append(Run(f"{name}.monitored.{form}",
                             ["--format", form, *args, f"tests/fixtures/{name}.json"]))
    for name in sorted(os.listdir("tests/pastes")):
        for form in TRIAGE_FORMATS:
            found.append(Run(f"{name}.triage.{form}",
                             ["triage", "--format", form, f"tests/pastes/{name}"]))
        found.append(Run(f"{name}.input", ["triage", "--explain-input", f"tests/pastes/{name}"]))
    return found


def all():
    """Every case, sorted by name."""
    found = []
    for file in sorted(os.listdir("tests/fixtures")):
        if not file.endswith(".json") or file == "truth.json":
            continue
        name, path = file[:-5], "tests/fixtures/" + file
        found.append(Case(name, path, []))
        for guest in GUESTS.get(name, []):
            short = guest.replace(":", ".")
            found.append(Case(f"{name}@{short}", path, ["--guest", guest]))
    return found


def make_tree(d):
    """A tree for --root with the traps of copied trees: dangling links, links that lead out."""
    def file(path, text):
        os.makedirs(os.path.dirname(f"{d}/{path}"), exist_ok=True)
        with open(f"{d}/{path}", "w", encoding="utf-8") as f:
            f.write(text)
    device = "sys/devices/pci0000:00/0000:00:02.0"
    for name, text in (("vendor", "0x1002\n"), ("device", "0x6810\n"), ("class", "0x030000\n"),
                       ("subsystem_vendor", "0x1043\n"), ("subsystem_device", "0x0466\n"),
                       ("revision", "0x00\n"), ("irq", "16\n"), ("boot_vga", "1\n"),
                       ("resource", "0x0000000000000000 0x0000000000000000 0x0000000000000000\n" * 7)):
        file(f"{device}/{name}", text)
    with open(f"{d}/{device}/config", "wb") as f:
        f.write(bytes.fromhex("02101068") + bytes(60))
    os.symlink("../../../bus/pci/drivers/radeon", f"{d}/{device}/driver")
    os.makedirs(f"{d}/sys/bus/pci/devices")
    os.symlink("../../../devices/pci0000:00/0000:00:02.0", f"{d}/sys/bus/pci/devices/0000:00:02.0")
    file("etc/modprobe.d/vfio.conf", "options vfio-pci ids=1002:6810\n")
    outside = d + ".outside"
    with open(outside, "w", encoding="utf-8") as f:
        f.write("options secret outside=1\n")
    os.symlink(outside, f"{d}/etc/modprobe.d/out.conf")
    os.symlink("../../../../../../../../../../etc/passwd", f"{d}/etc/modules")
    file("proc/cmdline", "quiet\n")
