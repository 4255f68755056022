"""What is compared are schools only where the study has schools, and people in a project only where there is one;
elsewhere the texts speak of units and of treatment."""

from __future__ import annotations

from analysis.study import Study
from analysis.texts import has_text


def worded(study: Study, key: str) -> str:
    """The key of a text for this study: that below ``cases`` where no project is evaluated, that below ``units`` where
    the study has no schools, if there is such a text."""
    sections = [*(["cases"] if not study.is_of_a_project else []), *(["units"] if study.education is None else [])]
    return next((other for section in sections if has_text(other := f"{section}.{key}")), key)
