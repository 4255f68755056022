"""The machine and the versions behind the figures: what matters to them, and nothing that names whose it is."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable
from datetime import date

from speed.compare import Line

GIGABYTE = 2**30


def described(lines: Iterable[Line]) -> dict[str, str]:
    """Label -> text, in the order shown."""
    versions: dict[str, str] = {}
    for line in lines:
        for run in (line.ours, line.peer):
            versions |= run.said["versions"] if run is not None else {}
    busy = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    return {
        "date": date.today().isoformat(),
        "processor": f"{os.cpu_count()} cores, {platform.machine()}",
        "memory": _memory(),
        "system": platform.system(),
        "python": platform.python_version(),
        "libraries": ", ".join(f"{name} {number}" for name, number in sorted(versions.items())),
        "load": f"{busy:.1f} processes wanted a core at the end",
    }


def _memory() -> str:
    try:
        return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / GIGABYTE:.0f} GB"
    except (AttributeError, ValueError):
        return "not told"
