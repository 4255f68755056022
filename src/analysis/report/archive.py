"""Office files are zip archives: the same content gives the same bytes only when the archive's own clock is stopped."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping

EPOCH = (1980, 1, 1, 0, 0, 0)


def stopped_clock(archive: bytes, rewrite: Mapping[str, Callable[[bytes], bytes]] | None = None) -> bytes:
    """The same members in the same order, each with the zip format's first moment as its time.

    ``rewrite`` changes the content of the members it names.
    """
    changes = rewrite or {}
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(stream, "w") as new:
        for member in old.infolist():
            entry = zipfile.ZipInfo(member.filename, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            content = changes.get(member.filename, bytes)(old.read(member))
            new.writestr(entry, content, compresslevel=6)
    return stream.getvalue()
