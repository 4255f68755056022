"""Reading a file that an installed Python package carries, unpacked where it is a compressed single file."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zlib

from analysis.sources.tables import Refused
from analysis.study import Source
from analysis.study.packaged import package_folder, packaged_file

UNPACK = {".bz2": bz2.decompress, ".gz": gzip.decompress, ".xz": lzma.decompress}
DAMAGED = (OSError, EOFError, lzma.LZMAError, zlib.error)


def packaged_content(source: Source) -> bytes:
    """The bytes of the source's resource; Refused when the package or the file in it is not there, or is damaged."""
    if package_folder(source) is None:
        raise Refused("reading.no_package", package=source.package or "")
    place = packaged_file(source)
    if place is None:
        raise Refused("reading.no_resource", package=source.package or "", resource=source.resource or "")
    try:
        content = place.read_bytes()
        return UNPACK[place.suffix](content) if place.suffix in UNPACK else content
    except DAMAGED:
        raise Refused("reading.damaged") from None
