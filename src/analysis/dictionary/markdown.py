"""Headings and tables in Markdown, with both languages in one cell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from analysis.texts import text


def both(key: str, **params: object) -> str:
    """``български · English``; once where both languages say the same."""
    said = [text(key, language, **params) for language in ("bg", "en")]
    return cell(said[0] if said[0] == said[1] else " · ".join(said))


def cell(shown: str) -> str:
    """A text that cannot break the table it stands in."""
    return " ".join(shown.replace("|", "\\|").split())


def code(name: str) -> str:
    return f"`{name}`"


def heading(key: str) -> str:
    return f"## {both(f'dictionary.{key}.title')}"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
