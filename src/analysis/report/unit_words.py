"""What is compared are schools only where the study has schools; elsewhere the texts speak of units."""

from __future__ import annotations

from analysis.study import Study
from analysis.texts import has_text


def worded(study: Study, key: str) -> str:
    """The key of a text for this study: that below ``units`` where the study has no schools and there is one."""
    other = f"units.{key}"
    return other if study.education is None and has_text(other) else key
