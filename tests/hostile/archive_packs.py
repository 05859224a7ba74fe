"""What the rows of archives share: packs as tar and zip, and the words of refusals."""
import json

from archives import Entry, Member, tar, zip_archive
from desk import valid_pack

AREA = "archive"
MANIFEST_NAME = "cowork.plugin.json"
NO_LINK = " is a link; a pack holds regular files and directories only"
NO_HARD_LINK = " is a hard link; a pack holds regular files and directories only"
NO_SPECIAL = " is neither a regular file nor a directory; a pack holds nothing else"
BITS = " has a setuid, setgid or sticky bit"
OUTSIDE = " is no path within a pack"
SAME = " is the same as "
UNRELIABLE = "it is no archive of tar, tar.gz or zip that can be relied on"
NO_PACK = "it holds no pack"


def manifest(name="tea", **members):
    return json.dumps(valid_pack(name, **members)).encode()


def pack_with(*entries, name="tea"):
    return tar(Entry(MANIFEST_NAME, manifest(name)), *entries)


def zip_with(*members):
    return zip_archive(Member(MANIFEST_NAME, manifest()), *members)
