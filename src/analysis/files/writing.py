"""Writing that leaves either the whole new file or the old one, with the same bytes for the same content."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path beside ``path``; it takes its place when the block ends well and is removed when not."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.stem}-", suffix=path.suffix, dir=path.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        temporary.chmod(0o644)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_bytes(path: Path, content: bytes) -> None:
    with replacing(path) as temporary:
        temporary.write_bytes(content)


def write_text(path: Path, content: str) -> None:
    write_bytes(path, content.encode("utf-8"))


def write_table(path: Path, table: pd.DataFrame) -> None:
    """Write a table as Parquet without index; equal tables give equal bytes."""
    with replacing(path) as temporary:
        table.to_parquet(temporary, engine="pyarrow", index=False, compression="zstd")


def read_table(path: Path) -> pd.DataFrame:
    import pandas as pd

    return pd.read_parquet(path, engine="pyarrow")


def write_csv(path: Path, table: pd.DataFrame) -> None:
    """Comma-separated UTF-8 with full float precision, for machines and auditors."""
    with replacing(path) as temporary:
        table.to_csv(temporary, index=False, lineterminator="\n")


def sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
