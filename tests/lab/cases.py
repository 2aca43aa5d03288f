"""The machines of the lab and what is tried on them."""
import collections

import acpi

# Words for QEMU. Both processors hide that they are emulated; only AMD's has virtualisation.
INTEL = ["-cpu", "Skylake-Client-v1,-hypervisor", "-device", "intel-iommu,intremap=on"]
AMD = ["-cpu", "EPYC-v1,-hypervisor", "-device", "amd-iommu,intremap=on"]
# I/O APIC interrupts come from 00:14.0; firmware's IVRS covers it only if it is there
SOUTHBRIDGE = ["-device", "pci-testdev,bus=pcie.0,addr=14.0"]
NETWORK = ["-device", "e1000e,bus=pcie.0,addr=19.0,romfile="]
SOUND = "ich9-intel-hda"  # of the board
HDMI = "intel-hda"  # of a card


def sound(model, name, place):
    return ["-device", f"{model},id={name},{place}",
            "-device", f"hda-output,bus={name}.0,audiodev=none"]


def board(*cards, sound_model=SOUND):
    """A board with its own sound and network, and cards as (model, has sound) behind ports."""
    words = ["-audiodev", "none,id=none", *NETWORK,
             *sound(sound_model, "board", "bus=pcie.0,addr=1b.0")]
    for n, (model, has_sound) in enumerate(cards, 1):
        words += ["-device", f"pcie-root-port,id=port{n},bus=pcie.0,addr=1c.{n - 1},"
                  f"chassis={n},multifunction={'on' if n == 1 else 'off'}",
                  "-device", f"{model},bus=port{n},addr=0.0,multifunction=on"]
        words += sound(HDMI, f"card{n}", f"bus=port{n},addr=0.1") if has_sound else []
    return words


DESK = board(("VGA", False), ("cirrus-vga", True))
TWINS = board(("VGA", True), ("VGA", True))
SAME_SOUND = board(("VGA", False), ("cirrus-vga", True), sound_model=HDMI)
BEHIND_BRIDGE = board(("pcie-pci-bridge,id=bridge", False)) + [
    "-device", "VGA,bus=bridge,addr=1.0", "-device", "cirrus-vga,bus=bridge,addr=2.0"]
CARD = ["0000:02:00.0", "0000:02:00.1"]  # the second of a board

Case = collections.namedtuple("Case", [
    "name",
    "machine",
    "guest",   # what a guest shall have; the first is named, the rest must come by itself
    "after",   # what must be true then: see CHECKS in `run`
    "kernel",  # of kernels.KINDS
    "words",   # of the kernel's command line before
    "files",   # further configuration before
    "tables",  # ACPI tables that firmware has otherwise: name and change
    "steps",   # kinds of steps that the plan must have, because nothing else helps
    "needs",   # texts that must stand in an edit
    "never",   # texts that must not
    "keeps",   # drivers that functions of the host must have then
], defaults=["debian", "quiet", {}, {}, [], [], [], {}])

CASES = [
    Case("intel", [*INTEL, *DESK], CARD, "accepted"),
    Case("intel-off", [*INTEL, *DESK], CARD, "accepted", words="quiet intel_iommu=off",
         never=["intel_iommu=off"]),
    Case("amd", [*AMD, *SOUTHBRIDGE, *DESK], CARD, "ready",
         keeps={"0000:00:1b.0": "snd_hda_intel"}),
    Case("ivrs-without-ioapic", [*AMD, *SOUTHBRIDGE, *DESK], CARD, "ready",
         tables={"IVRS": acpi.ivrs_without_ioapic}, needs=["ivrs_ioapic"]),
    # the word that cures the one above would make this kernel panic
    Case("ivrs-uncovered", [*AMD, *DESK], CARD, "refused",
         tables={"IVRS": acpi.ivrs_without_ioapic}, steps=["firmware"], never=["ivrs_ioapic"]),
    Case("shared-group", [*AMD, *SOUTHBRIDGE, *BEHIND_BRIDGE], ["0000:02:02.0"], "refused",
         steps=["hardware"]),
    Case("identical-cards", [*AMD, *SOUTHBRIDGE, *TWINS], CARD, "ready", never=[" ids="],
         keeps={"0000:01:00.0": "bochs-drm", "0000:01:00.1": "snd_hda_intel",
                "0000:00:1b.0": "snd_hda_intel"}),
    Case("ids-with-a-blank", [*AMD, *SOUTHBRIDGE, *DESK], CARD, "ready",
         files={"etc/modprobe.d/vfio.conf": "options vfio-pci ids=1013:00b8, 8086:2668\n"},
         keeps={"0000:00:1b.0": "snd_hda_intel"}),
    Case("shared-sound", [*AMD, *SOUTHBRIDGE, *SAME_SOUND], CARD, "ready", never=["8086:2668"],
         keeps={"0000:00:1b.0": "snd_hda_intel"}),
    # last: its kernel is compiled
    Case("intel-off-unless-asked", [*INTEL, *DESK], CARD, "accepted", kernel="small",
         needs=["intel_iommu=on", "vfio-pci.ids=1013:00b8,8086:2668"]),
]
