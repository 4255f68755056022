"""What `new` left to be filled in and the report would print: a title that still says TODO."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from analysis.study.settings import Study

TODO = re.compile(r"\bTODO\b")
PRINTED = ("project", "sources", "names", "units", "outcomes", "indicators", "expected_results", "report")
Problem = tuple[str, str, str]


def unfilled(study: Study) -> list[Problem]:
    """(dotted key, ``unfilled``, text) for each text in the printed parts of study.yml that still says TODO."""
    found = [one for part in PRINTED for one in _texts(part, getattr(study, part))]
    return [(place, "unfilled", value) for place, value in found if TODO.search(value)]


def _texts(place: str, value: Any) -> Iterator[tuple[str, str]]:
    """Every text below a setting, with its dotted key."""
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _texts(f"{place}.{name}", getattr(value, name))
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _texts(f"{place}.{name}", inner)
    elif isinstance(value, list | tuple):
        for position, inner in enumerate(value):
            yield from _texts(f"{place}.{position}", inner)
