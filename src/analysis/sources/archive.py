"""Zip archives: a delivery of several files, opened in memory under limits and never unpacked to disk."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from pathlib import PurePosixPath

from analysis.sources.tables import Refused

MEMBER_LIMIT = 300 * 2**20
TOTAL_LIMIT = 1024 * 2**20
RATIO_LIMIT = 200
RATIO_FROM = 20 * 2**20
MEMBERS_LIMIT = 20_000
ENCRYPTED_FLAG = 0x1


def members(content: bytes) -> list[tuple[str, bytes]]:
    """The files in an archive as (name, content), by name. Names are labels only: nothing is written anywhere.

    Every checksum is tried. Refused: damaged, protected by a password, unpacking to too much."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            _within_limits(entries, len(content))
            read = [(_label(entry.filename), _read(archive, entry)) for entry in entries]
    except Refused:
        raise
    except Exception:  # zipfile raises a dozen kinds on damaged archives
        raise Refused("reading.damaged") from None
    return _named_once(sorted(read, key=lambda member: member[0]))


def _within_limits(entries: list[zipfile.ZipInfo], packed: int) -> None:
    total = sum(entry.file_size for entry in entries)
    bomb = total > RATIO_FROM and total > RATIO_LIMIT * packed
    if len(entries) > MEMBERS_LIMIT or total > TOTAL_LIMIT or bomb:
        raise Refused("reading.archive_too_large", megabytes=str(total // 2**20), members=str(len(entries)))
    if any(entry.flag_bits & ENCRYPTED_FLAG for entry in entries):
        raise Refused("reading.password")


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    with archive.open(entry) as stream:
        content = stream.read(MEMBER_LIMIT + 1)
        if len(content) > MEMBER_LIMIT:
            raise Refused("reading.archive_too_large", megabytes=str(MEMBER_LIMIT // 2**20), members="1")
        return content


def _label(name: str) -> str:
    """A member's name without anything that leads out of the archive."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return "/".join(part for part in parts if part not in ("..", ".", "/") and not part.endswith(":")) or "?"


def _named_once(read: list[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    """Two members with one name get a number, so that a row's place stays unique."""
    seen: Counter[str] = Counter()
    named = []
    for name, content in read:
        seen[name] += 1
        named.append((name if seen[name] == 1 else f"{name} ({seen[name]})", content))
    return named
