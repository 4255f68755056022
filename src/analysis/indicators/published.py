"""Indicators as rows of the results form, with what may not be published hidden."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import pandas as pd

from analysis.files import results_table
from analysis.indicators.common import DROPPED
from analysis.indicators.counting import count_records
from analysis.indicators.groups import Row
from analysis.indicators.reach import reach_rows
from analysis.study import Study

WHOLES = [["CO01", "CO03", "CO05"], ["CO09", "CO10", "CO11"]]
NESTED = [
    ("CO02", "CO01"), ("CO04", "CO03"), ("CO08", "CO07"), ("CO13", "CO12"), ("CO14", "CO12"),
    ("CR08", "CR06"), ("CR09", "CR06"), ("strict", "any"),
]  # fmt: skip
SEXES = ["male", "female"]
TERMS = [*SEXES, "total"]
KNOWN = ("", "partial", "declared")
Hide = Callable[[pd.DataFrame, pd.DataFrame], pd.DataFrame]


def indicator_results(
    study: Study, clean: Mapping[str, pd.DataFrame], counts: pd.DataFrame, hide: Hide
) -> pd.DataFrame:
    """Rows of the results form; ``counts`` from ``count_indicators``.

    - ``indicators/<code>/<contract>/<version>/count/<male|female|total>``; ``note``: suppressed, dropped, partial,
      no_data, not_recorded, not_measurable, not_applicable; a value that is not known is missing, never 0;
    - ``indicators/<code>/<contract>/censored/count/total`` (with a version: ``<version>_censored``), where people left
      too near the cut-off;
    - ``indicators/records/<contract>/-/count/<complete|incomplete|total>`` and ``.../left``: how many records there
      are, a matter of the files;
    - the reach of activities (``reach_rows``).

    ``hide(counted, among)`` gives the truth of hiding for male, female and total: ``disclosure.hidden_by_sex``.
    """
    if study.indicators is None:
        return results_table([])
    rows: list[Row] = []
    for _, table in counts.groupby(["contract", counts["version"] != ""], sort=False):
        rows += _of_contract(study, table, hide)
    return results_table([*_records(study, clean), *rows, *reach_rows(study, clean)])


def _of_contract(study: Study, table: pd.DataFrame, hide: Hide) -> Iterator[Row]:
    names = table["version"].where(table["version"] != "", table["code"])
    hidden = hide(_of_kind(table, "counted", names), _of_kind(table, "among", names))
    unseen = hide(_of_kind(table, "censored", names), _of_kind(table, "among", names))
    for name, (_, row) in zip(names, table.iterrows(), strict=True):
        base: Row = {"chapter": "indicators", "outcome": row["code"], "population": row["contract"]}
        base |= {"measure": "count", "unit": "count"}
        values = {sex: float(row[f"counted_{sex}"]) for sex in SEXES}
        yield from _by_sex(study, base, row, values, hidden.loc[name])
        late = float(row["censored_male"] + row["censored_female"])
        if late:
            version = f"{row['version']}_censored" if row["version"] else "censored"
            shown = {"note": "suppressed"} if unseen.at[name, "total"] else {"estimate": late}
            yield {**base, "design": version, "term": "total", **shown}


def _by_sex(study: Study, base: Row, row: pd.Series, values: dict[str, float], hidden: pd.Series) -> Iterator[Row]:
    note = row["note"] or ("dropped" if row["code"] in DROPPED else "")
    for term in TERMS:
        value = values.get(term, sum(values.values()))
        line = {**base, "design": row["version"], "term": term}
        if row["note"] == "declared" and study.indicators is not None:
            if term == "total":
                yield {**line, "estimate": float(study.indicators.entities[row["code"]]), "note": note}
        elif row["note"] not in KNOWN:
            yield {**line, "note": note}
        elif hidden[term]:
            yield {**line, "note": "suppressed"}
        else:
            yield {**line, "estimate": value, "note": note}


def _of_kind(table: pd.DataFrame, kind: str, names: pd.Series) -> pd.DataFrame:
    return pd.DataFrame({sex: table[f"{kind}_{sex}"].to_numpy() for sex in SEXES}, index=pd.Index(names, dtype="str"))


def _records(study: Study, clean: Mapping[str, pd.DataFrame]) -> Iterator[Row]:
    for row in count_records(study, clean).itertuples(index=False):
        base = {"chapter": "indicators", "outcome": "records", "population": row.contract, "measure": "count"}
        sizes = {"complete": row.complete, "incomplete": row.incomplete, "total": row.complete + row.incomplete}
        for term, size in {**sizes, "left": row.left}.items():
            yield {**base, "unit": "count", "term": term, "estimate": float(size)}
