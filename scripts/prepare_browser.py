"""Install Debian's Chromium for ``make test-browser`` when no Chromium is there. The report itself never needs it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
INSTALL = [["apt-get", "update", "-q"], ["apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium"]]
CANNOT = """За проверката в браузър е нужен Chromium и той не можа да се инсталира. Инсталирайте го и опитайте пак.
The browser tests need Chromium, and it could not be installed ({reason}).
Install it (Debian: apt-get install chromium) and call make test-browser again. Everything else works without it."""


def main() -> int:
    if any(shutil.which(name) for name in PROGRAMS):
        return 0
    if not shutil.which("apt-get"):
        return cannot("no apt-get here")
    as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        for command in INSTALL:
            subprocess.run([*as_root, *command], check=True, env=environment)
    except (OSError, subprocess.CalledProcessError) as error:
        return cannot(type(error).__name__)
    return 0 if any(shutil.which(name) for name in PROGRAMS) else cannot("not found after the installation")


def cannot(reason: str) -> int:
    print(CANNOT.format(reason=reason), file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
