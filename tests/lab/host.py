"""The configuration of a host as a folder of files; plans are carried out on it by the letter."""
import os
import shutil
import subprocess

GRUB = """\
# If you change this file, run 'update-grub' afterwards.
GRUB_DEFAULT=0
GRUB_TIMEOUT=5
GRUB_DISTRIBUTOR=Debian
GRUB_CMDLINE_LINUX_DEFAULT="{words}"
GRUB_CMDLINE_LINUX="console=ttyS0"
"""
GRUB_CFG = """\
menuentry 'Debian GNU/Linux' --class debian {{
\tlinux\t/boot/vmlinuz-{release} root=/dev/ram0 ro {words}
\tinitrd\t/boot/initrd.img-{release}
}}
"""
FILES = {
    "etc/os-release": 'PRETTY_NAME="Debian GNU/Linux"\nID=debian\n',
    "etc/modules": "# modules to load at boot time, one per line\n",
    "etc/initramfs-tools/initramfs.conf": "MODULES=most\nCOMPRESS=zstd\n",
    "etc/initramfs-tools/modules": "# Modules to load early, one per line\n",
}
# Nobody can do these in the lab: they are the owner's, or come later.
NOT_HERE = ("hardware", "firmware", "reboot", "verify", "guest")


class WrongPlan(Exception):
    """A plan that cannot be carried out as it stands."""


def _read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def _write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


class Host:
    """FOLDER/root has the files of the system, FOLDER/image what the initramfs holds."""

    def __init__(self, folder, release, words, files):
        shutil.rmtree(folder, ignore_errors=True)
        self.root, self.image, self.release = folder + "/root", folder + "/image", release
        grub = {"etc/default/grub": GRUB.format(words=words)}
        for path, text in {**FILES, **grub, **files}.items():
            _write(f"{self.root}/{path}", text)
        os.makedirs(self.root + "/etc/modprobe.d", exist_ok=True)
        self.update_grub()
        self.update_initramfs()

    def update_grub(self):
        """The words go through a shell, as grub-mkconfig has them."""
        words = subprocess.run(
            ["sh", "-c", '. "$1"; printf %s "$GRUB_CMDLINE_LINUX $GRUB_CMDLINE_LINUX_DEFAULT"',
             "sh", self.root + "/etc/default/grub"], capture_output=True, text=True, check=True)
        _write(self.root + "/boot/grub/grub.cfg",
               GRUB_CFG.format(release=self.release, words=words.stdout))

    def update_initramfs(self):
        shutil.rmtree(self.image, ignore_errors=True)
        shutil.copytree(self.root + "/etc/modprobe.d", self.image + "/modprobe.d")
        shutil.copy(self.root + "/etc/initramfs-tools/modules", self.image)
        _write(f"{self.root}/boot/initrd.img-{self.release}", "")

    COMMANDS = {
        "update-grub": update_grub,
        "grub-mkconfig -o /boot/grub/grub.cfg": update_grub,
        "update-initramfs -u -k all": update_initramfs,
    }

    def command_line(self):
        """What GRUB would hand to the kernel: the line of grub.cfg, not of its source."""
        for line in _read(self.root + "/boot/grub/grub.cfg").splitlines():
            if line.startswith("\tlinux\t"):
                return "BOOT_IMAGE=" + line.removeprefix("\tlinux\t")
        raise AssertionError("grub.cfg without a kernel")

    def add_to(self, tree):
        tree.copy_all("", self.root)
        tree.copy_all("image", self.image)

    def carry_out(self, plan):
        """Does what the plan says, in its order; what the lab cannot do makes it wrong."""
        touched = {}  # path: lines as they stood, which line numbers are of, and edits so far
        for step in plan["steps"]:
            if step["kind"] in NOT_HERE:
                continue
            # words of the kind "run" are for the owner: "make sure that…"
            if step["instructions"] and step["kind"] != "run":
                raise WrongPlan(f"not worked out: {step['instructions'][0]['text']}")
            for edit in step["edits"]:
                self._edit(edit, touched)
            for command in step["commands"]:
                if command not in self.COMMANDS:
                    raise WrongPlan(f"a command that the lab does not know: {command}")
                self.COMMANDS[command](self)

    def _edit(self, edit, touched):
        path = self.root + edit["path"]
        if path not in touched:
            is_new = not os.path.exists(path)
            if is_new != edit["new_file"]:
                raise WrongPlan(f"{edit['path']}: is it new? The plan says {edit['new_file']}")
            touched[path] = [] if is_new else _read(path).splitlines(), []
        lines, edits = touched[path]
        edits.append(edit)
        _write(path, "".join(line + "\n" for line in _edited(list(lines), edits)))


def _edited(lines, edits):
    for edit in edits:
        if edit["line"] is None:
            lines.append(edit["new"])
            continue
        if lines[edit["line"] - 1:edit["line"]] != [edit["old"]]:
            raise WrongPlan(f"line {edit['line']} of {edit['path']} is not as the plan says")
        lines[edit["line"] - 1] = edit["new"]
    return [line for line in lines if line is not None]
