"""The kernels of the lab: one from Debian as it is, a small one made of Debian's source."""
import glob
import os
import re
import shutil
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
# Drivers of what the machines have, and what a host's kernel loads for passthrough.
MODULES = ["vfio-pci", "vfio_iommu_type1", "vfio_virqfd", "kvm-amd", "kvm-intel", "bochs",
           "snd-hda-intel", "snd-hda-codec-generic", "ahci", "e1000e", "xhci-pci", "i2c-i801",
           "lpc_ich", "cirrus"]


class Missing(Exception):
    """Something the lab needs is not to be had here: the text says what."""


class Kernel:
    """An unpacked kernel: FOLDER holds boot/ and lib/modules/."""

    def __init__(self, folder):
        self.folder = folder
        self.image = glob.glob(folder + "/boot/vmlinuz-*")[0]
        self.release = os.path.basename(self.image).removeprefix("vmlinuz-")
        self.modules = f"{folder}/lib/modules/{self.release}"

    def config(self):
        return f"{self.folder}/boot/config-{self.release}"

    def add_modules(self, tree, work):
        """The modules of MODULES with all they need, and depmod's files about those."""
        inside = f"lib/modules/{self.release}"
        staged = f"{work}/{inside}"
        os.makedirs(staged, exist_ok=True)
        for path in self._closure():
            os.makedirs(os.path.dirname(f"{staged}/{path}"), exist_ok=True)
            shutil.copy(f"{self.modules}/{path}", f"{staged}/{path}")
        for path in glob.glob(self.modules + "/modules.builtin*"):
            shutil.copy(path, staged)
        shutil.copy(self.modules + "/modules.order", staged)
        _call(["depmod", "-b", work, self.release])
        tree.copy_all(inside, staged)

    def _closure(self):
        """Paths of the wanted modules and of what they depend on, as modules.dep says."""
        if not os.path.exists(self.modules + "/modules.dep"):
            _call(["depmod", "-b", self.folder, self.release])
        needs = {}
        with open(self.modules + "/modules.dep", encoding="utf-8") as f:
            for line in f:
                path, others = line.split(":")
                needs[path] = others.split()
        names = {_module_name(path): path for path in needs}
        wanted = [names[n] for n in map(_module_name, MODULES) if n in names]
        return sorted({p for path in wanted for p in [path, *needs[path]]})


def _module_name(path):
    return os.path.basename(path).split(".")[0].replace("-", "_")


def _call(words, **more):
    done = subprocess.run(words, capture_output=True, text=True, check=False, **more)
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise Missing(f"{' '.join(words[:2])}: {said[-1] if said else done.returncode}")
    return done.stdout


def _depended_on(package, pattern):
    """The one dependency of a package without content that fits the pattern."""
    if not shutil.which("apt-get"):
        raise Missing("no apt-get here: kernels come from Debian's packages")
    found = re.findall(rf"Depends: ({pattern})\n", _call(["apt-cache", "depends", package]))
    if not found:
        raise Missing(f"apt-cache knows no {package} (`apt-get update`?)")
    return found[0]


def _fetch(package, folder):
    """Downloads and unpacks a package; nothing is installed."""
    os.makedirs(folder, exist_ok=True)
    _call(["apt-get", "download", "-q", package], cwd=folder)
    archive = glob.glob(f"{folder}/{package}_*.deb")[0]
    _call(["dpkg-deb", "-x", archive, folder])
    os.remove(archive)


def _make_once(folder, make):
    """FOLDER, made by MAKE in a place beside it: half a kernel is never taken for one."""
    if not os.path.isdir(folder):
        shutil.rmtree(folder + ".part", ignore_errors=True)
        make(folder + ".part")
        os.rename(folder + ".part", folder)
    return Kernel(folder)


def debian(work):
    """The kernel that linux-image-amd64 stands for."""
    return _make_once(work + "/kernel-debian", lambda part: _fetch(
        _depended_on("linux-image-amd64", r"linux-image-[0-9]\S+"), part))


def _compile(part):
    package = _depended_on("linux-source", r"linux-source-[0-9.]+")
    _fetch(package, part + "/package")
    _call(["tar", "-x", "-C", part, "-f", f"{part}/package/usr/src/{package}.tar.xz"])
    shutil.rmtree(part + "/package")
    source = f"{part}/{package}"
    _call(["make", "-s", "tinyconfig"], cwd=source)
    _call(["scripts/kconfig/merge_config.sh", "-m", ".config", HERE + "/guest/kernel.config"],
          cwd=source)
    _call(["make", "-s", "olddefconfig"], cwd=source)
    _call(["make", "-s", f"-j{os.cpu_count()}", "bzImage", "modules"], cwd=source)
    release = _call(["make", "-s", "kernelrelease"], cwd=source).strip()
    os.makedirs(part + "/boot")
    shutil.copy(source + "/arch/x86/boot/bzImage", f"{part}/boot/vmlinuz-{release}")
    shutil.copy(source + "/.config", f"{part}/boot/config-{release}")
    modules = f"{part}/lib/modules/{release}"
    os.makedirs(modules)
    for name in ("modules.order", "modules.builtin", "modules.builtin.modinfo"):
        shutil.copy(f"{source}/{name}", modules)
    shutil.rmtree(source)


def small(work):
    """The kernel of guest/kernel.config; four minutes of compiling, once."""
    return _make_once(work + "/kernel-small", _compile)


KINDS = {"debian": debian, "small": small}
