"""Archives made byte by byte, so that they can be as wrong as a case wants them."""
import dataclasses
import struct
import zlib

BLOCK = 512


@dataclasses.dataclass
class Entry:
    """What one header of a tar archive says. `size` is what it claims where that is not the length of `content`."""
    path: str | bytes
    content: bytes = b""
    kind: bytes = b"0"  # 0 file, 1 hard link, 2 link, 3 and 4 devices, 5 directory, 6 FIFO, x and g pax, L GNU's long name
    target: str = ""
    mode: int = 0o644
    prefix: str = ""
    size: int | None = None
    checksum_off_by: int = 0


def as_bytes(text):
    return text if isinstance(text, bytes) else text.encode()


def octal(value, digits):
    """In octal; a number that has no room, or is negative, in GNU's base 256."""
    if 0 <= value < 8 ** digits:
        return b"%0*o\0" % (digits, value)
    return (value & ((1 << 8 * (digits + 1)) - 1) | 1 << (8 * (digits + 1) - 1)).to_bytes(digits + 1, "big")


def tar_entry(entry):
    header = bytearray(BLOCK)

    def put(at, content, room):
        assert len(content) <= room, content
        header[at:at + len(content)] = content

    put(0, as_bytes(entry.path), 100)
    put(100, octal(entry.mode, 7), 8)
    put(108, octal(0, 7), 8)
    put(116, octal(0, 7), 8)
    put(124, octal(len(entry.content) if entry.size is None else entry.size, 11), 12)
    put(136, octal(0, 11), 12)
    put(148, b" " * 8, 8)
    put(156, entry.kind, 1)
    put(157, as_bytes(entry.target), 100)
    put(257, b"ustar\00000", 8)
    put(345, as_bytes(entry.prefix), 155)
    put(148, b"%06o\0 " % (sum(header) + entry.checksum_off_by), 8)
    return bytes(header) + entry.content + bytes(-len(entry.content) % BLOCK)


def tar(*entries, end=bytes(2 * BLOCK)):
    return b"".join(tar_entry(entry) for entry in entries) + end


def pax(kind=b"x", **records):
    """A pax header that says something of the next entry; `kind` g is said of all."""
    content = b""
    for key, value in records.items():
        rest = b" " + key.replace("_", ".").encode() + b"=" + as_bytes(value) + b"\n"
        length = len(rest)
        while length != len(rest) + len(str(length)):
            length = len(rest) + len(str(length))
        content += str(length).encode() + rest
    return Entry("pax", content, kind)


def gzip(content, level=9):
    """One gzip member."""
    packer = zlib.compressobj(level, zlib.DEFLATED, 31)
    return packer.compress(content) + packer.flush()


@dataclasses.dataclass
class Member:
    """One file of a zip archive. What `local_…` says stands before the bytes, the rest in the directory at the end."""
    path: str | bytes
    content: bytes = b""
    mode: int = 0o100644  # of a file of Unix, with its type
    flags: int = 0  # bit 0: encrypted
    method: int = 0  # 0 stored, 8 deflated
    local_path: str | bytes | None = None
    local_size: int | None = None
    extra: bytes = b""  # of both places
    crc: int | None = None
    size: int | None = None  # claimed, unpacked
    offset: int | None = None  # claimed


def packed(member):
    if member.method != 8:
        return member.content
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(member.content) + packer.flush()


def common_fields(member, size):
    crc = zlib.crc32(member.content) if member.crc is None else member.crc
    return struct.pack("<HHHHIII", member.flags, member.method, 0, 0x21, crc, len(packed(member)), size)


def zip_archive(*members, comment=b"", before=b""):
    """`before` stands in front of it all, and offsets count it."""
    local, directory = before, b""
    for member in members:
        path = as_bytes(member.path)
        local_path = path if member.local_path is None else as_bytes(member.local_path)
        size = len(member.content) if member.size is None else member.size
        offset = len(local) if member.offset is None else member.offset
        local += b"PK\x03\x04" + struct.pack("<H", 20) + common_fields(member,
                                                                       size if member.local_size is None else member.local_size)
        local += struct.pack("<HH", len(local_path), len(member.extra)) + local_path + member.extra + packed(member)
        # Made by Unix (3), so that the mode counts.
        directory += b"PK\x01\x02" + struct.pack("<HH", 20 | 3 << 8, 20) + common_fields(member, size)
        directory += struct.pack("<HHHHHII", len(path), len(member.extra), 0, 0, 0, member.mode << 16,
                                 offset) + path + member.extra
    return local + directory + b"PK\x05\x06" + struct.pack(
        "<HHHHIIH", 0, 0, len(members), len(members), len(directory), len(local), len(comment)) + comment


def unicode_path(shown, path):
    """Info-ZIP's extra field by which a reader takes `path` for a file that is called `shown`."""
    content = b"\x01" + struct.pack("<I", zlib.crc32(as_bytes(shown))) + as_bytes(path)
    return struct.pack("<HH", 0x7075, len(content)) + content
