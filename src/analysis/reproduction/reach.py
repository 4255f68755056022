"""Which results a difference can lie behind: what stands upstream of a number, and nothing else.

Doubt is settled in favour of a cause: what is not known to be elsewhere on the road may have moved the number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from analysis.study.deviations import FORMATS, SHEET

EVERYTHING = frozenset({"data", "education", "employment", "other", "survey", "indicators", "costs"})
COSTS = frozenset({"costs"})  # cost per unit of an effect: rests on the effects of every chapter
OF_SECTION = {
    "education": frozenset({"data", "education", "indicators"}) | COSTS,
    "employment": frozenset({"data", "employment"}) | COSTS,
    "survey": frozenset({"data", "survey", "other"}),
    "indicators": frozenset({"indicators"}) | COSTS,
    "costs": COSTS,
    "expected_results": frozenset[str](),
    "plan": frozenset[str](),  # what was promised is compared with what was done and changes nothing of it
    "report": frozenset[str](),
    "names": frozenset[str](),
    "units": frozenset[str](),
    "languages": frozenset[str](),
}
OF_REGISTER = {
    "neispuo": frozenset({"data", "education", "indicators"}) | COSTS,
    "absences": frozenset({"data", "education"}) | COSTS,
    "labour": frozenset({"data", "employment", "indicators"}) | COSTS,
    "nra": frozenset({"data", "employment", "indicators"}) | COSTS,
    "certificates": frozenset({"data", "indicators"}) | COSTS,
    "attendance": frozenset({"data", "indicators"}) | COSTS,
    "activity": frozenset({"data", "indicators"}) | COSTS,
}
SHEETS_OF_WORDS = tuple(f"{SHEET}{suffix}" for suffix in FORMATS)  # they explain, and change no estimate


@dataclass(frozen=True)
class Place:
    """Where a result stands: its chapter, outcome and design."""

    chapter: str
    outcome: str
    design: str


def setting_reaches(what: str, place: Place, settings: Mapping[str, Any]) -> bool:
    """Whether the setting ``what`` (dotted) stands upstream of the result."""
    section, *rest = what.split(".")
    if section == "outcomes" and rest:
        return rest[0] == place.outcome or place.chapter == "costs"
    if section == "designs" and rest:
        return rest[0] == place.design or place.chapter == "costs"
    if section == "sources" and rest:
        return _source_reaches(rest[0], place, settings)
    return place.chapter in OF_SECTION.get(section, EVERYTHING)


def input_reaches(path: str, place: Place, settings: Mapping[str, Any]) -> bool:
    """Whether the file at ``path`` (below the study's raw folder, or a sheet of the study) stands upstream of the
    result."""
    sources = [name for name, source in (settings.get("sources") or {}).items() if _is_of(path, source)]
    if not sources:
        return path not in SHEETS_OF_WORDS
    return any(_source_reaches(name, place, settings) for name in sources)


def _is_of(path: str, source: Mapping[str, Any]) -> bool:
    pattern = str(source.get("files") or "").casefold()
    return bool(pattern) and fnmatchcase(path.casefold(), pattern.replace("**/", "*"))


def _source_reaches(name: str, place: Place, settings: Mapping[str, Any]) -> bool:
    source = (settings.get("sources") or {}).get(name, {})
    if source.get("survey"):
        return place.chapter in OF_SECTION["survey"]
    register = str(source.get("register") or source.get("register_name") or "")
    if register:
        return place.chapter in OF_REGISTER.get(register.split("_")[0], EVERYTHING)
    panels = {panel for panel, declared in (settings.get("panels") or {}).items() if _uses(declared, name)}
    outcome = (settings.get("outcomes") or {}).get(place.outcome)
    return place.chapter in {"data", "costs"} or outcome is None or outcome.get("panel") in panels


def _uses(panel: Mapping[str, Any], source: str) -> bool:
    return source in panel.get("rows", []) or any(join.get("source") == source for join in panel.get("join", []))
