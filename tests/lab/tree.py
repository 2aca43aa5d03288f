"""Trees of files in memory, packed as the kernel reads an initramfs."""
import os
import re
import stat
import subprocess


class Tree:
    """Files by path without the leading slash; folders come by themselves."""

    def __init__(self):
        self.nodes = {}  # path: (mode, content, time, device)

    def _add(self, path, mode, content=b"", time=0, device=(0, 0)):
        path = path.strip("/")
        parent = os.path.dirname(path)
        if parent and parent not in self.nodes:
            self._add(parent, stat.S_IFDIR | 0o755)
        self.nodes[path] = (mode, content, time, device)

    def folder(self, path):
        self._add(path, stat.S_IFDIR | 0o755)

    def text(self, path, text):
        self._add(path, stat.S_IFREG | 0o644, text.encode())

    def data(self, path, content):
        self._add(path, stat.S_IFREG | 0o644, content)

    def link(self, path, target):
        self._add(path, stat.S_IFLNK | 0o777, target.encode())

    def console(self):
        self._add("dev/console", stat.S_IFCHR | 0o600, device=(5, 1))

    def copy(self, path, source):
        """A file of this host, with its mode and its time."""
        info = os.stat(source)
        with open(source, "rb") as f:
            self._add(path, stat.S_IFREG | stat.S_IMODE(info.st_mode), f.read(),
                      int(info.st_mtime))

    def copy_all(self, path, source):
        for folder, _, names in os.walk(source):
            inside = os.path.normpath(os.path.join(path, os.path.relpath(folder, source)))
            self.folder(inside)
            for name in names:
                self.copy(os.path.join(inside, name), os.path.join(folder, name))

    def program(self, path, source):
        """A program and the libraries that it is linked with."""
        self.copy(path, source)
        linked = subprocess.run(["ldd", source], capture_output=True, text=True, check=False)
        for library in re.findall(r"(/\S+) \(0x", linked.stdout):
            self.copy(library, library)

    def pack(self):
        """A cpio archive: Documentation/driver-api/early-userspace/buffer-format.rst"""
        out = bytearray()
        for number, path in enumerate(sorted(self.nodes), 1):
            out += _member(number, path, *self.nodes[path])
        return bytes(out + _member(0, "TRAILER!!!", 0, b"", 0, (0, 0)))


def _member(number, path, mode, content, time, device):
    name = path.encode() + b"\0"
    fields = [number, mode, 0, 0, 1, time, len(content), 0, 0, *device, len(name), 0]
    head = b"070701" + b"".join(b"%08X" % n for n in fields) + name
    return _padded(head) + _padded(content)


def _padded(data):
    return data + b"\0" * (-len(data) % 4)
