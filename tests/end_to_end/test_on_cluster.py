"""A whole study on a cluster of two processes leaves the bytes that one machine leaves."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow


def hashes(root: Path) -> dict[str, str]:
    folders = [root / "reports" / "jtrain2", root / "data" / "processed" / "jtrain2"]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file() and "log" not in path.parts]
    return {path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(files)}


def test_jtrain2_on_a_cluster_leaves_the_same_bytes(jtrain2):
    here = hashes(jtrain2.root)
    assert jtrain2.call("clean", "--study", "jtrain2").returncode == 0
    done = jtrain2.call("report", "--study", "jtrain2", "--cluster", "local")
    assert done.returncode == 0, done.stdout + done.stderr
    assert hashes(jtrain2.root) == here and len(here) > 20
