"""What a person must settle about the plan and the deviations sheet, said by ``check-data`` before anything is
estimated."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.files import Finding, Workspace
from analysis.study.deviations import Deviation, read_deviations
from analysis.study.own_tables import closest
from analysis.study.plan_agreement import is_place
from analysis.study.plan_review import Review, review
from analysis.study.settings import Study

SOURCE = "plan"


def plan_findings(study: Study, workspace: Workspace) -> list[Finding]:
    """Differences that no line explains, lines that explain nothing, and a plan that is not what it says it is.

    Raises InputRefused when a deviations sheet cannot be read.
    """
    reviewed = review(study, read_deviations(workspace, study.languages))
    shown = workspace.shown(workspace.declaration)
    return [*_of_plan(study, shown), *_unexplained(reviewed, shown), *_of_lines(study, reviewed)]


def is_late(study: Study) -> bool:
    """Whether the plan bears a date after the last day of the data, so that they may have been seen before it."""
    return study.plan is not None and study.plan.registered.date > study.data_cut_off


def _of_plan(study: Study, shown: str) -> Iterator[Finding]:
    if study.plan is None:
        return
    if is_late(study):
        dates = {"date": str(study.plan.registered.date), "cut_off": str(study.data_cut_off)}
        yield Finding(SOURCE, "noted", "findings.plan_late", shown, params=dates)
    if study.plan.was_changed:
        sums = {"registered": str(study.plan.registered.sha256), "now": study.plan.sha256}
        yield Finding(SOURCE, "noted", "findings.plan_changed", shown, params=sums)


def _unexplained(reviewed: Review, shown: str) -> Iterator[Finding]:
    for item in reviewed.unexplained:
        values = {"place": item.place, "planned": in_short(item.planned), "done": in_short(item.done)}
        yield Finding(SOURCE, "noted", f"findings.plan_unexplained.{item.status}", shown, params=values)


def _of_lines(study: Study, reviewed: Review) -> Iterator[Finding]:
    for line in reviewed.deviations:
        if study.plan is None:
            yield _about(line, "without_plan")
            continue
        if not reviewed.told(line):
            yield _nothing_differs(study, reviewed, line)
        for column in line.missing:
            yield _about(line, "incomplete", column=column)


def _nothing_differs(study: Study, reviewed: Review, line: Deviation) -> Finding:
    """The place is none of study.yml, or one where the plan was kept."""
    if _is_known(study, line.place):
        return _about(line, "no_difference")
    meant = closest(line.place, [item.place for item in reviewed.items if item.status != "as_planned"])
    return _about(line, "unknown_place_guess" if meant else "unknown_place", meant=meant)


def _is_known(study: Study, place: str) -> bool:
    """Whether a dotted key leads to something in study.yml, and below outcomes and designs to one that is declared."""
    section, *rest = place.split(".")
    assert study.plan is not None
    named = {
        "outcomes": {*study.outcomes, *study.plan.outcomes},
        "designs": {*study.designs, *study.plan.designs},
    }
    return bool(rest) and is_place(Study, [section, *rest]) and rest[0] in named.get(section, {rest[0]})


def _about(line: Deviation, rule: str, column: str = "place", **params: str) -> Finding:
    rule = f"findings.deviation.{rule}"
    return Finding(SOURCE, "noted", rule, line.file, row=line.row, column=column, found=line.place, params=params)


def in_short(value: object) -> str:
    """A setting as study.yml has it, on one line."""
    if isinstance(value, list):
        return "[" + ", ".join(map(str, value)) + "]"
    return "–" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
