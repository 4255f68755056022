"""The other libraries' own environment, ``.venv-bench``: they never touch the product's.

Its pins are benchmarks/requirements.txt; numpy, pandas and scipy are those of requirements.lock, so that both sides
stand on the same ones.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV, PINS, LOCK = ROOT / ".venv-bench", ROOT / "benchmarks" / "requirements.txt", ROOT / "requirements.lock"
STAMP = VENV / "prepared.sha256"
SHARED = ("numpy", "pandas", "scipy", "statsmodels")
BIN = "Scripts" if os.name == "nt" else "bin"
PYTHON = VENV / BIN / "python"
UV = (
    ROOT / ".venv-boot" / BIN / ("uv.exe" if os.name == "nt" else "uv")
)  # where the product's environment was made with it


def prepare() -> list[str]:
    """Make the environment when its pins have changed; the pins that could not be installed."""
    wanted = hashlib.sha256(PINS.read_bytes() + LOCK.read_bytes()).hexdigest()
    if STAMP.is_file() and STAMP.read_text(encoding="ascii").splitlines()[0] == wanted:
        return STAMP.read_text(encoding="ascii").splitlines()[1:]
    _run(sys.executable, "-m", "venv", "--clear", VENV)
    constraints = VENV / "constraints.txt"
    constraints.write_text("\n".join(shared_pins(LOCK.read_text(encoding="utf-8"))) + "\n", encoding="utf-8")
    missing = [pin for pin in peer_pins() if not _installed(pin, constraints)]
    STAMP.write_text("\n".join([wanted, *missing]), encoding="ascii")
    return missing


def peer_pins() -> list[str]:
    lines = (line.split("#")[0].strip() for line in PINS.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line]


def shared_pins(lock: str) -> list[str]:
    """The lock's pins of what both sides stand on, markers and all."""
    lines = (line.removesuffix("\\").strip() for line in lock.splitlines())
    return [line for line in lines if re.match(rf"({'|'.join(SHARED)})==", line)]


def _installed(pin: str, constraints: Path) -> bool:
    """One after the other, so that one that cannot be had does not take the others with it."""
    with_pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    with_uv = [UV, "pip", "install", "--quiet", "--python", PYTHON]
    try:
        _run(*(with_uv if UV.is_file() else with_pip), "-c", constraints, pin)
    except subprocess.CalledProcessError:
        return False
    return True


def _run(*command: str | Path) -> None:
    subprocess.run([str(part) for part in command], check=True, cwd=ROOT)
