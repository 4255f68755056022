"""Lines of a YAML file with notes in one language; whatever text comes in, the file stays YAML."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterable

from analysis.texts import text

WIDTH = 118
UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
PLAIN_KEY = re.compile(r"[a-z][a-z0-9_]*")
NOT_TEXT = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"}


def quoted(value: str) -> str:
    """A text in double quotes that YAML reads back as it is."""
    return UNPRINTABLE.sub(lambda sign: f"\\u{ord(sign.group()):04x}", json.dumps(value, ensure_ascii=False))


def key(name: str) -> str:
    """A key of a mapping, in quotes where YAML would take it for something other than text."""
    return name if PLAIN_KEY.fullmatch(name) and name not in NOT_TEXT else quoted(name)


def pair(name: str, value: str) -> str:
    return f"{key(name)}: {value}"


def listed(values: Iterable[str]) -> str:
    """Texts as a list in one line."""
    return "[" + ", ".join(values) + "]"


class Page:
    """A YAML file in the making; ``language`` is that of its notes."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._lines: list[str] = []

    def words(self, name: str, /, **params: object) -> str:
        """A note of the catalogue as one line that cannot break out of its comment."""
        said = text(f"adapting.comment.{name}", self.language, **params)
        return UNPRINTABLE.sub(" ", " ".join(said.split()))

    def note(self, name: str, /, indent: int = 0, **params: object) -> None:
        """A note on lines of its own."""
        self.remark(self.words(name, **params), indent)

    def remark(self, words: str, indent: int = 0) -> None:
        before = " " * indent + "# "
        wrapped = textwrap.wrap(words, WIDTH, break_long_words=False, break_on_hyphens=False)
        self._lines += [before + line for line in wrapped]

    def put(self, line: str, note: str = "", indent: int = 0) -> None:
        """A line of settings, with a note behind it."""
        self._lines.append(" " * indent + line + (f"   # {note}" if note else ""))

    def off(self, line: str, indent: int = 0) -> None:
        """A line of settings that is switched off until somebody removes the sign before it."""
        self._lines.append(" " * indent + "# " + UNPRINTABLE.sub(" ", line))

    def gap(self) -> None:
        self._lines.append("")

    def __str__(self) -> str:
        return "\n".join(self._lines) + "\n"
