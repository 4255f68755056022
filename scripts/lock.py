"""Write ``requirements.lock`` from pyproject.toml, and ``environment.yml`` from it (docs/decisions/0002-lock.md).

python scripts/lock.py           both
python scripts/lock.py --conda   environment.yml alone, from the lock as it is
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK, CONDA = ROOT / "requirements.lock", ROOT / "environment.yml"
COMPILE = [
    "pip", "compile", "--universal", "--generate-hashes", "--no-header", "--no-emit-index-url", "-q",
    "pyproject.toml", "--group", "dev", "-o", LOCK.name,
]  # fmt: skip
HEAD = """\
# Made from requirements.lock by scripts/lock.py: change pyproject.toml and run `make lock`, not this file.
# conda gives Python and pip; every package is the one that was tested, from PyPI.
name: evaluation-workbench
channels:
  - conda-forge
  - nodefaults
dependencies:
  - python >=3.11,<3.15
  - pip >=25
  - pip:
"""


def pins(lock: str) -> list[str]:
    """The requirements of a lock text, markers and all, without hashes and comments."""
    lines = (line.removesuffix("\\").strip() for line in lock.splitlines() if re.match(r"[A-Za-z0-9]", line))
    return sorted(lines)


def environment(lock: str) -> str:
    """environment.yml for a lock text."""
    return HEAD + "".join(f"      - {_quoted(pin)}\n" for pin in [*pins(lock), "-e ."])


def _quoted(pin: str) -> str:
    return f'"{pin}"'


def main() -> None:
    if "--conda" not in sys.argv:
        uv = ROOT / ".venv-boot" / ("Scripts" if sys.platform == "win32" else "bin") / "uv"
        subprocess.run([str(uv), *COMPILE], check=True, cwd=ROOT)
    CONDA.write_text(environment(LOCK.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
