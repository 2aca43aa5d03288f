"""The fixtures of the golden reports: which snapshot is judged with which options."""
import collections
import os

FORMATS = ("text", "json", "markdown", "html")
Case = collections.namedtuple("Case", "name snapshot args")

# A fixture is judged once without options, and once more for each row here.
GUESTS = {
    "lab-intel-works": ["0000:02:00.0"],
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
    "desk-poweredge": ["0000:31:00.2", "10000:01:00.0"],
    "desk-suse-raphael": ["0000:09:00.0"],
    "desk-container": ["0000:01:00.0", "0000:06:00.0"],
    "desk-vtd-off": ["0000:01:00.0"],
    "desk-not-regenerated": ["0000:01:00.0"],
    "desk-wrong-file": ["0000:01:00.0"],
    "wiki-before": ["0000:02:00.0"],
}


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
