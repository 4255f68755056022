"""Exact counts of every indicator by sex: for the ИСУН annex, and for the report after disclosure control."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from analysis.indicators import common
from analysis.indicators.common import Measured
from analysis.indicators.leaving import with_results
from analysis.indicators.programme import programme_measures
from analysis.indicators.records import SEXES, contracts_with_participants, participant_records
from analysis.study import Study
from analysis.study.indicator_settings import Indicators

KINDS = ["counted", "among", "censored"]
COLUMNS = ["contract", "code", "version", *(f"{kind}_{sex}" for kind in KINDS for sex in SEXES), "note"]
PROJECT = "project"
PARENTS = {"CO02": "CO01", "CO04": "CO03", "CO08": "CO07"}


def count_indicators(study: Study, clean: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """One row a contract, indicator and version: COLUMNS; whole numbers of persons with complete records.

    ``counted_<sex>``: the indicator's value; ``among_<sex>``: who could be counted; ``censored_<sex>``: who left too
    near the data cut-off. ``note`` other than "" and ``partial`` means that the value is not known:
    ``not_recorded``, ``no_data``,
    ``not_measurable``, ``not_applicable``. Without a section ``indicators`` no rows.
    """
    settings = study.indicators
    rows: list[dict[str, object]] = []
    for contract in contracts_with_participants(study):
        if settings is None:
            break
        people = participant_records(study, clean, contract)
        people = with_results(study, clean, people[people["is_complete"]].reset_index(drop=True), settings)
        rows += [
            _row(people, contract, code, version, part) for code, version, part in _measures(people, settings, contract)
        ]
    return _typed(rows)


def count_records(study: Study, clean: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """``contract, complete, incomplete, left, two_contracts``: people by contract, and under ``project`` each once."""
    rows = []
    for contract in [*contracts_with_participants(study), None]:
        people = participant_records(study, clean, contract)
        whole = people["is_complete"]
        left = int((whole & people["exit_date"].notna()).sum())
        rows.append((contract or PROJECT, int(whole.sum()), int((~whole).sum()), left))
    return pd.DataFrame(rows, columns=["contract", "complete", "incomplete", "left"])


def _measures(people: pd.DataFrame, settings: Indicators, contract: str) -> Iterator[tuple[str, str, Measured]]:
    outputs = common.output_masks(people)
    nobody = pd.Series(False, index=people.index)
    everybody = ~nobody
    for code in common.OUTPUTS:
        if code in outputs:
            among = outputs[PARENTS[code]] if code in PARENTS else everybody
            yield code, "", Measured(outputs[code], among, nobody)
        else:
            yield code, "", Measured(nobody, nobody, nobody, _why_not(code, settings))
    for code, measured in common.result_measures(people).items():
        yield code, "", measured
    for code, indicator in settings.programme.items():
        if indicator.contract == contract:
            for version, measured in programme_measures(people, settings, indicator).items():
                yield code, version, measured


def _why_not(code: str, settings: Indicators) -> str:
    if code in common.PROJECT_LEVEL:
        return "declared" if code in settings.entities else "not_applicable"
    return "not_recorded"


def _row(people: pd.DataFrame, contract: str, code: str, version: str, measured: Measured) -> dict[str, object]:
    row: dict[str, object] = {"contract": contract, "code": code, "version": version, "note": measured.note}
    for kind in KINDS:
        mask = getattr(measured, kind)
        row |= {f"{kind}_{sex}": int((mask & (people["sex"] == sex)).sum()) for sex in SEXES}
    return row


def _typed(rows: list[dict[str, object]]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=COLUMNS)
    whole = {name: "int64" for name in COLUMNS if name.rpartition("_")[0] in KINDS}
    return table.astype({**whole, **dict.fromkeys(["contract", "code", "version", "note"], "str")})
