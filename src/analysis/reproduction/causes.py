"""What differs between two runs before any number: settings, inputs, code, notebooks, packages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from analysis.reproduction.reach import Place, input_reaches, setting_reaches
from analysis.reproduction.runs import Run

Kind = Literal["setting", "input", "code", "notebook", "package"]
NAMING = ("name", "based_on", "changes")  # settings that name a study and change no number


@dataclass(frozen=True)
class Cause:
    """One difference; ``before`` or ``after`` is empty where the thing was not there."""

    kind: Kind
    what: str
    before: str
    after: str

    def may_lie_behind(self, place: Place, settings: Mapping[str, Any]) -> bool:
        """Whether what differs stands upstream of the result, under these settings. Code, notebooks and packages may
        lie behind any."""
        if self.kind == "setting":
            return setting_reaches(self.what, place, settings)
        return self.kind != "input" or input_reaches(self.what, place, settings)


def causes(before: Run, after: Run) -> list[Cause]:
    """All recorded differences, settings first."""
    one, other = before.manifest, after.manifest
    found = list(_of("setting", flat(one["resolved"]), flat(other["resolved"])))
    found += _of("input", _below(one["inputs"]), _below(other["inputs"]))
    found += _of("input", _sheets(one), _sheets(other))
    found += _of("notebook", one["notebooks"], other["notebooks"])
    found += _of("code", _code(one), _code(other))
    packages = {**one["packages"], "python": one["python"]}, {**other["packages"], "python": other["python"]}
    return [*found, *_of("package", *packages)]


def flat(settings: Any, place: str = "") -> dict[str, str]:
    """Settings as dotted keys and texts; lists of plain values stay one value."""
    if isinstance(settings, Mapping) and settings:
        parts = [flat(value, f"{place}.{key}" if place else str(key)) for key, value in settings.items()]
        whole = {key: value for part in parts for key, value in part.items()}
        return whole if place else {key: value for key, value in whole.items() if key.split(".")[0] not in NAMING}
    if isinstance(settings, list) and any(isinstance(one, Mapping) for one in settings):
        return flat({str(number): one for number, one in enumerate(settings)}, place)
    return {place: "" if settings is None else str(settings)}


def _of(kind: Kind, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Cause]:
    for what in sorted({*before, *after}):
        if before.get(what) != after.get(what):
            yield Cause(kind, what, before.get(what, ""), after.get(what, ""))


def _below(hashes: Mapping[str, str]) -> dict[str, str]:
    """Raw files by their place below the study's folder, so that two studies' deliveries can be compared."""
    return {path.split("/", 3)[-1] if path.startswith("data/raw/") else path: value for path, value in hashes.items()}


def _sheets(manifest: Mapping[str, Any]) -> dict[str, str]:
    """The sheets beside study.yml; its texts change words alone, study.yml itself is compared key by key."""
    named = {path.split("/", 2)[-1]: value for path, value in manifest["settings"].items()}
    return {path: value for path, value in named.items() if "/" not in path and path != "study.yml"}


def _code(manifest: Mapping[str, Any]) -> dict[str, str]:
    """The code by its content: a commit that changed no line of the package is no difference."""
    return {"src/analysis": str(manifest["code"]["sha256"])[:12]}
