"""Boots a machine under QEMU's own processor emulation and takes its evidence out."""
import collections
import os
import shutil
import subprocess
import tarfile

from kernels import Missing
from tree import Tree

HERE = os.path.dirname(os.path.abspath(__file__))
QEMU = "qemu-system-x86_64"
LIMIT = 120  # seconds of one boot; ten are usual
# check_timer() of arch/x86/kernel/apic/io_apic.c wants five ticks within real milliseconds,
# which an emulated processor misses when this host is busy: then the same once more.
LOST_TIMER = "timer doesn't work through Interrupt-remapped IO-APIC"
ATTEMPTS = 5

# What one boot leaves: the snapshot as text, and what the oracle said
Evidence = collections.namedtuple("Evidence", "snapshot oracle")


class Died(Exception):
    """The guest left no evidence; the text is its last word."""


class TimerLost(Died):
    """It stopped because no timer interrupt came through the I/O APIC."""


def check_host():
    """Raises Missing where the lab cannot run."""
    for program in (QEMU, "busybox", "kmod", "depmod", "dpkg-deb", os.environ.get("CC", "cc")):
        if not shutil.which(program):
            raise Missing(f"no {program} here")


def base_tree(kernel, program, work):
    """What every guest of a kernel has: shell, kmod, modules, the program and the oracle."""
    tree = Tree()
    for path in ("proc", "sys", "tmp", "etc/modprobe.d", "image"):
        tree.folder(path)
    tree.console()
    tree.copy("init", HERE + "/guest/init")
    tree.program("bin/busybox", shutil.which("busybox"))
    tree.link("bin/sh", "busybox")
    tree.program("bin/kmod", os.path.realpath(shutil.which("kmod")))
    tree.link("sbin/modprobe", "/bin/kmod")
    tree.program("bin/vfio-doctor", program)
    tree.program("bin/oracle", work + "/oracle")
    tree.copy("boot/config-" + kernel.release, kernel.config())
    kernel.add_modules(tree, f"{work}/modules-{kernel.release}")
    return tree


def make_oracle(work):
    subprocess.run([os.environ.get("CC", "cc"), "-O1", "-Wall", "-Wextra", "-Werror",
                    "-std=c11", "-D_GNU_SOURCE", "-o", work + "/oracle",
                    HERE + "/guest/oracle.c"], check=True)


def boot(machine, kernel, base, host, functions, tables, folder):
    """One start of HOST on MACHINE (words for QEMU); TABLES replace those of the firmware."""
    override, overlay = Tree(), Tree()
    for name, content in tables.items():
        override.data(f"kernel/firmware/acpi/{name.lower()}.aml", content)
    host.add_to(overlay)
    overlay.text("functions", " ".join(functions))
    with open(folder + "/initrd", "wb") as f:
        f.write(override.pack() if tables else b"")
        f.write(base)
        f.write(overlay.pack())
    words = [QEMU, "-accel", "tcg,tb-size=256", "-machine", "q35", "-m", "1024", "-nodefaults",
             "-no-user-config", "-display", "none", "-no-reboot",
             "-serial", f"file:{folder}/console", "-serial", f"file:{folder}/results",
             "-kernel", kernel.image, "-initrd", folder + "/initrd",
             "-append", "panic=-1 " + host.command_line(), *machine]
    try:
        return _start(words, folder)
    finally:
        os.remove(folder + "/initrd")


def _start(words, folder):
    for _ in range(ATTEMPTS):
        _run(words, folder)
        try:
            return _evidence(folder)
        except TimerLost as lost:
            died = lost
    raise died


def _run(words, folder):
    with open(folder + "/qemu", "w", encoding="utf-8") as log:
        try:
            subprocess.run(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                           timeout=LIMIT, check=False)
        except subprocess.TimeoutExpired:
            pass  # what it left tells


def _evidence(folder):
    try:
        with tarfile.open(folder + "/results", "r:gz") as results:
            for name in ("snapshot.json", "oracle"):
                with open(f"{folder}/{name}", "wb") as f:
                    f.write(results.extractfile("./" + name).read())
    except (OSError, EOFError, KeyError, tarfile.TarError) as error:
        raise _death(folder) from error
    return Evidence(_read(folder + "/snapshot.json"), _read(folder + "/oracle").strip())


def _read(path):
    with open(path, encoding="utf-8", errors="replace") as f:
        return f.read()


def _death(folder):
    console = _read(folder + "/console")
    if LOST_TIMER in console:
        return TimerLost(LOST_TIMER)
    said = (console.strip() or _read(folder + "/qemu").strip()).splitlines()
    return Died(said[-1] if said else "no word from the guest")
