"""What stands in the annex's sheets: rows of plain values, in the order in which ИСУН asks for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from analysis.indicators.annex.arithmetic import SEXES, Amounts, line
from analysis.indicators.common import DROPPED, RESULTS, output_masks
from analysis.indicators.reach import activity_rows, people_reached
from analysis.indicators.records import contracts_with_participants, participant_records
from analysis.study import Study
from analysis.study.indicator_settings import Indicators, ProgrammeIndicator, ReportedIndicator
from analysis.texts import text

PARTS = ["baseline", "target", "period", "cumulative", "residue", "approved"]
DAYS = ["planned_start", "planned_end", "actual_start", "actual_end"]
ACTIVITY = [
    "activity", "name", "contract", "duration_months", "start_month", *DAYS, "actual_months", "status", "description",
    "reasons", "results_period", "results_cumulative", "service_contracts", "people", "hours", "completed",
]  # fmt: skip
UNKNOWN = ("no_data", "not_recorded", "not_measurable", "not_applicable")
SOURCES = {"CR01": "searches", "CR03": "qualified", "CR05": "all", "CR06": "works_later", "CR08": "works_later",
           "CR09": "works_later"}  # fmt: skip
Values = list[object]


def words(key: str, language: str, **params: object) -> str:
    return text(f"indicators.{key}", language, **params)


def activity_lines(study: Study, clean: Mapping[str, pd.DataFrame], language: str) -> Iterator[Values]:
    """ACTIVITY, one row an activity; None where the team's sheet says nothing."""
    reached = people_reached(study, clean).set_index("activity")
    declared = study.indicators.activities if study.indicators else {}
    numbers = {contract.code: contract.id for contract in study.project.contracts}
    for _, row in activity_rows(study, clean).iterrows():
        code = row["activity"]
        known = reached.loc[code] if code in reached.index else {}
        values = {
            **{name: _plain(row.get(name)) for name in ACTIVITY},
            **{name: _plain(known.get(name)) for name in ("people", "hours", "completed")},
            **{name: _day(row.get(name)) for name in DAYS},
            "name": declared[code].name[language] if code in declared else _plain(row["name"]),
            "contract": numbers.get(row["contract"], _plain(row["contract"])),
            "status": words(f"status.{row['status']}", language) if pd.notna(row["status"]) else None,
            "actual_months": months_between(row["actual_start"], row["actual_end"]),
        }
        yield [values[name] for name in ACTIVITY]


def indicator_lines(study: Study, counts: pd.DataFrame, language: str) -> Iterator[Values]:
    """Programme indicators first, then the common ones, contract by contract; each part by men, women and both."""
    settings = study.indicators
    if settings is None:
        return
    numbers = {contract.code: contract.id for contract in study.project.contracts}
    order = counts.assign(own=counts["code"].isin(settings.programme)).sort_values(
        "own", ascending=False, kind="stable"
    )
    for contract in contracts_with_participants(study):
        for _, row in order[order["contract"] == contract].iterrows():
            yield [numbers.get(contract, contract), *_indicator(settings, row, language)]


def _indicator(settings: Indicators, row: pd.Series, language: str) -> Values:
    code, version = row["code"], row["version"]
    own = settings.programme.get(code)
    declared = own or settings.common.get(f"{code}@{row['contract']}") or settings.common.get(code)
    if version not in ("", "any"):  # limbs and the strict version have no target of their own
        declared = None
    declared = declared or ReportedIndicator()
    told = line(_counted(settings, row), declared)
    kind = own.kind if own else "result" if code in RESULTS else "output"
    known = own is None and code.startswith("C")
    name = own.name[language] if own else words(f"names.{code}", language)
    if version not in ("", "any"):
        name = f"{words(f'versions.{version}', language)} – {code}"
    numbers = [getattr(told, part)[sex] for part in PARTS for sex in SEXES]
    trend = words(f"annex.trends.{declared.trend}", language)
    kinds = [
        words(f"annex.kinds.{kind}", language),
        words(f"annex.types.{'common' if known else 'programme'}", language),
    ]
    source = declared.source[language] if declared.source else words(f"annex.sources.{_source(own, code)}", language)
    comment = _comment(row, declared, told.is_below_previous, language)
    shown = code if version in ("", "any") else f"{code} ({words(f'annex.versions.{version}', language)})"
    return [shown, name, *kinds, trend, words("annex.unit", language), *numbers, source, comment]


def _counted(settings: Indicators, row: pd.Series) -> Amounts:
    if row["note"] == "declared":
        return {"male": None, "female": None, "total": settings.entities[row["code"]]}
    if row["note"] in UNKNOWN:
        return dict.fromkeys(SEXES)
    male, female = int(row["counted_male"]), int(row["counted_female"])
    return {"male": male, "female": female, "total": male + female}


def _source(own: ProgrammeIndicator | None, code: str) -> str:
    if own is not None:
        return "isun" if own.kind == "output" else "all"
    return "project" if code in ("CO20", "CO21", "CO22", "CO23") else SOURCES.get(code, "isun")


def _comment(row: pd.Series, declared: ReportedIndicator, is_below: bool, language: str) -> str:
    notes = [row["note"]] if row["note"] else ["dropped"] if row["code"] in DROPPED else []
    said = [words(f"explained.{note}", language) for note in notes]
    late = int(row["censored_male"] + row["censored_female"])
    said += [words("explained.censored", language, count=late)] if late else []
    said += [words("explained.below_previous", language)] if is_below else []
    said += [f"{words('tables.no_target', language).capitalize()}."] if declared.target.whole is None else []
    said += [declared.comment[language]] if declared.comment else []
    return " ".join(said)


def participant_lines(study: Study, clean: Mapping[str, pd.DataFrame], language: str) -> Iterator[Values]:
    """``contract, group, category, men, women, both`` over complete records."""
    numbers = {contract.code: contract.id for contract in study.project.contracts}
    for contract in contracts_with_participants(study):
        people = participant_records(study, clean, contract)
        people = people[people["is_complete"]]
        for group, category, mask in _groups(people):
            by_sex = [int((mask & (people["sex"] == sex)).sum()) for sex in ("male", "female")]
            name = words(f"groups.{group}", language)
            label = words(f"categories.{category}", language) if category else name
            yield [numbers.get(contract, contract), name, label, *by_sex, sum(by_sex)]


def _groups(people: pd.DataFrame) -> Iterator[tuple[str, str, pd.Series]]:
    masks, age = output_masks(people), people["age_at_entry"].astype("float64")
    status = {
        "unemployed": "CO01",
        "long_term": "CO02",
        "inactive": "CO03",
        "not_in_education": "CO04",
        "employed": "CO05",
    }
    yield from (("status", name, masks[code]) for name, code in status.items())
    yield "age", "under_25", masks["CO06"]
    yield "age", "middle", age.between(25, 54)
    yield "age", "over_54", masks["CO07"]
    yield "education", "none", people["education"] == "none"
    levels = {"lower": "CO09", "upper": "CO10", "tertiary": "CO11"}
    yield from (("education", name, masks[code]) for name, code in levels.items())
    yield "total", "", pd.Series(True, index=people.index)


def months_between(first: object, last: object) -> int | None:
    """Calendar months from the first to the last, both counted; None when one is missing."""
    if pd.isna(first) or pd.isna(last):  # type: ignore[call-overload]
        return None
    begins, ends = pd.Timestamp(first), pd.Timestamp(last)  # type: ignore[arg-type]
    return int((ends.year - begins.year) * 12 + ends.month - begins.month + 1)


def _plain(value: object) -> object:
    if value is None or pd.isna(value):  # type: ignore[call-overload]
        return None
    return value.item() if hasattr(value, "item") else value


def _day(value: object) -> object:
    return None if value is None or pd.isna(value) else pd.Timestamp(value).to_pydatetime()  # type: ignore[call-overload,arg-type]
