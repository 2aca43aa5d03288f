"""Changes of ACPI tables, for the kernel's table upgrade through the initramfs."""
import struct

IVRS_HEADER = 48  # of the table: AMD I/O Virtualization Technology Specification, 5.2.1
IVHD_HEADERS = {0x10: 24, 0x11: 40, 0x40: 40}  # length of the block's head by its type
SPECIAL, SPECIAL_IOAPIC = 72, 1  # a special device, and its variety


def _without_ioapic(block):
    start = at = IVHD_HEADERS[block[0]]
    kept = bytearray(block[:start])
    while at < len(block):
        kind = block[at]
        length = 22 + block[at + 21] if kind == 240 else 4 << (kind >> 6)
        if not (kind == SPECIAL and block[at + 7] == SPECIAL_IOAPIC):
            kept += block[at:at + length]
        at += length
    struct.pack_into("<H", kept, 2, len(kept))
    return kept


def ivrs_without_ioapic(table):
    """The IVRS without the entries that say where an I/O APIC's interrupts come from."""
    out, at = bytearray(table[:IVRS_HEADER]), IVRS_HEADER
    while at + 4 <= len(table):
        length = struct.unpack_from("<H", table, at + 2)[0]
        block = table[at:at + length]
        out += _without_ioapic(block) if block[0] in IVHD_HEADERS else block
        at += length
    return _sealed(out)


def _sealed(table):
    """With length and checksum; the kernel takes a table of a higher OEM revision only."""
    struct.pack_into("<I", table, 4, len(table))
    struct.pack_into("<I", table, 24, struct.unpack_from("<I", table, 24)[0] + 1)
    table[9] = 0
    table[9] = -sum(table) & 0xff
    return bytes(table)
