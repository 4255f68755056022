"""Make ``.venv`` as ``requirements.lock`` says, and only when the lock, pyproject.toml or the interpreter has changed.

Needs nothing but Python 3.11+ with venv: this runs before anything is installed (Makefile, start.bat). uv does the work
when it can be had; plain pip does it otherwise. The machine's own PIP_* and UV_* settings are left as they are.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV, BOOT = ROOT / ".venv", ROOT / ".venv-boot"
LOCK = ROOT / "requirements.lock"
STAMP = VENV / "prepared.sha256"
UV = "uv==0.13.9"
OLDEST, NEWEST = (3, 11), (3, 14)
BIN = "Scripts" if os.name == "nt" else "bin"


def main() -> int:
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        say("Нужен е Python от 3.11 до 3.14.", "Python 3.11 to 3.14 is needed: make PYTHON=/path/to/python3.11 report")
        return 2
    wanted = fingerprint()
    if STAMP.is_file() and STAMP.read_text(encoding="ascii") == wanted:
        return 0
    say("Подготвям средата (само при първото пускане) …", "Preparing the environment (first run only) …")
    try:
        install()
    except (OSError, subprocess.CalledProcessError):
        say(
            "Средата не можа да се подготви. Проверете връзката с мрежата и опитайте пак.",
            "The environment could not be prepared. Check the network and try again; the lines above say what failed.",
        )
        return 3
    STAMP.write_text(wanted, encoding="ascii")
    return 0


def fingerprint() -> str:
    """What the environment depends on, by content and not by date."""
    digest = hashlib.sha256(f"{ROOT} {sys.version_info[:2]} {UV}".encode())
    for path in (LOCK, ROOT / "pyproject.toml", Path(__file__)):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def install() -> None:
    STAMP.unlink(missing_ok=True)
    try:
        install_with_uv(get_uv())
    except (OSError, subprocess.CalledProcessError):
        say("uv не е на разположение; продължавам с pip …", "uv is not to be had; going on with pip, which is slower …")
        install_with_pip()


def get_uv() -> str:
    program = BOOT / BIN / "uv"
    if not shutil.which(program):
        run(sys.executable, "-m", "venv", BOOT)
        run(BOOT / BIN / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", UV)
    return str(program)


def install_with_uv(uv: str) -> None:
    if not (VENV / BIN).is_dir():
        run(uv, "venv", "--quiet", "--python", sys.executable, VENV)
    python = VENV / BIN / "python"
    run(uv, "pip", "sync", "--quiet", "--python", python, "--require-hashes", LOCK)
    run(uv, "pip", "install", "--quiet", "--python", python, "--no-deps", "-e", ROOT)


def install_with_pip() -> None:
    run(sys.executable, "-m", "venv", "--clear", VENV)
    pip = [VENV / BIN / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    run(*pip, "--no-compile", "--require-hashes", "-r", LOCK)
    run(*pip, "-e", ROOT)


def run(*command: str | Path) -> None:
    environment = {**os.environ, "UV_PYTHON_DOWNLOADS": "never", "UV_NO_PROGRESS": "1"}
    environment.pop("VIRTUAL_ENV", None)
    subprocess.run([str(part) for part in command], check=True, cwd=ROOT, env=environment)


def say(*lines: str) -> None:
    for line in lines:
        try:
            print(line, flush=True)
        except UnicodeEncodeError:  # a terminal without Cyrillic: the English line follows
            continue


if __name__ == "__main__":
    sys.exit(main())
