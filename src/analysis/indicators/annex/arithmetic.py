"""The arithmetic that ИСУН's server enforces on an indicator's line, for men, women and both."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.study.indicator_settings import BySex, ReportedIndicator

SEXES = ("male", "female", "total")
Amounts = dict[str, int | None]


@dataclass(frozen=True)
class Line:
    """One indicator: each part by male, female, total; None where a value is not set or not known."""

    baseline: Amounts
    target: Amounts
    period: Amounts
    cumulative: Amounts
    residue: Amounts
    approved: Amounts

    @property
    def is_below_previous(self) -> bool:
        return any(value is not None and value < 0 for value in self.period.values())


def line(counted: Amounts, declared: ReportedIndicator) -> Line:
    """The line of an indicator from everybody counted since the start of the project.

    men + women = total; cumulative = period + cumulative of the report before (with ``is_cumulative`` the period's
    value is the cumulative one); residue = target - cumulative + baseline. The workbook holds
    all participants since the start, so what was counted is the cumulative value and the period's is what is left
    after the report before.
    """
    previous = _amounts(declared.previous)
    whole_only = previous["total"] is not None and previous["male"] is None
    unknown = ("male", "female") if whole_only and not declared.is_cumulative else ()  # no split by sex was reported
    period = {
        sex: None if sex in unknown else _period(counted[sex], previous[sex], declared.is_cumulative) for sex in SEXES
    }
    baseline, target = _amounts(declared.baseline), _amounts(declared.target)
    residue = {sex: _residue(target[sex], counted[sex], baseline[sex]) for sex in SEXES}
    return Line(baseline, target, period, dict(counted), residue, _amounts(declared.approved))


def _amounts(declared: BySex) -> Amounts:
    return {sex: declared.of(sex) for sex in SEXES}


def _period(counted: int | None, previous: int | None, is_cumulative: bool) -> int | None:
    if counted is None or is_cumulative:
        return counted
    return counted - (previous or 0)


def _residue(target: int | None, cumulative: int | None, baseline: int | None) -> int | None:
    return None if target is None or cumulative is None else target - cumulative + (baseline or 0)
