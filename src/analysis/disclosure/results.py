"""Disclosure control of the results table: the last thing that happens before a number may be published."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.disclosure.counts import TOTAL, rounded
from analysis.disclosure.curves import COUNTED, hidden_on_curves
from analysis.disclosure.derived import levels_beside_paths, pools_of_hidden, rest_of_paths
from analysis.files.results import COUNTS, FLOATS
from analysis.study.settings import Disclosure

SUPPRESSED = "suppressed"
NOT_OF_PERSONS = [
    "rows",
    "findings",
    "match",
    "schools",
    "records",
]  # outcomes that count rows of files, links and institutions
LEVELS = ["rate", "mean"]
PARTS = ["dose"]  # the treated of an effect, band by band: one hidden band would follow from the others
SHARES = [*LEVELS, "path", "bin"]
TABLE = ["chapter", "outcome", "population", "design", "measure", "dimension"]
GROUP = ["chapter", "population", "term"]


def protect(results: pd.DataFrame, settings: Disclosure) -> pd.DataFrame:
    """The results with what could disclose a person hidden: numbers missing, ``note`` = suppressed, ids and order kept.

    Hidden are counts of 1 to threshold - 1; shares that rest on fewer than ``threshold`` persons with or without the
    trait, or that are 0 or 100 % of a group smaller than threshold x minimum_denominator (such a share tells the
    trait of each member); levels of groups under the minimum denominator; estimates with fewer than
    ``minimum_denominator`` persons, or fewer than ``threshold`` treated or untreated. Then, so that nothing hidden
    can be worked out: beside a hidden band of a dose the smallest further one; in each dimension that adds up to a
    total (terms ``<dimension>/<category>``, total ``<dimension>/total`` or ``total``) the smallest further categories;
    and the rates and means of every group whose count is hidden. What the points of a survival curve may show is said
    in ``curves``, what goes with the levels of a path and with the parts of a pooled effect in ``derived``.
    """
    rows = results.reset_index(drop=True)
    parts = rows["term"].str.rpartition("/").reindex(columns=range(3))
    rows = rows.assign(dimension=parts[0].astype("str"), category=parts[2].astype("str"))
    of_persons = ~rows["outcome"].isin(NOT_OF_PERSONS)
    hidden = _small(rows, settings) & of_persons
    for _, table in rows[of_persons].groupby(TABLE, sort=False):
        if hidden[table.index].any():
            hidden[table.index] = _complemented(table, hidden[table.index], settings)
    hidden |= _levels_of_hidden_groups(rows, hidden) & of_persons
    hidden |= hidden_on_curves(rows, settings)
    hidden |= rest_of_paths(rows, hidden)
    hidden |= pools_of_hidden(rows, hidden)
    shown = rows.assign(baseline=rows["baseline"].mask(levels_beside_paths(rows, hidden)))
    return _blanked(_rounded(shown, of_persons, settings.rounding), hidden)[results.columns]


def _small(rows: pd.DataFrame, settings: Disclosure) -> pd.Series:
    n, treated = rows["n"].astype("float64"), rows["n_treated"].astype("float64")
    few = n < settings.minimum_denominator
    few |= (treated < settings.threshold) | ((n - treated).between(0, settings.threshold, inclusive="neither"))
    share = rows["measure"].isin(SHARES) & (rows["unit"] == "share")
    counts = rows["measure"] == "count"
    small_count = rows["estimate"].between(0, settings.threshold, inclusive="neither")
    return (counts & small_count) | (share & _telling_share(rows["estimate"], n, settings)) | (~counts & few)


def _telling_share(estimate: pd.Series, n: pd.Series, settings: Disclosure) -> pd.Series:
    with_trait = (estimate * n).round()
    rarer = np.minimum(with_trait, n - with_trait)
    everybody = (rarer == 0) & (n < settings.threshold * settings.minimum_denominator)
    return rarer.between(0, settings.threshold, inclusive="neither") | everybody


def _complemented(table: pd.DataFrame, hidden: pd.Series, settings: Disclosure) -> pd.Series:
    """Hide further categories of one dimension until the hidden ones cannot be told from the total."""
    is_total = table["category"] == TOTAL
    parts = table[~is_total]
    measure = table["measure"].iloc[0]
    adds_up = measure in ["count", *PARTS] or (measure in LEVELS and len(parts) < len(table))
    if not adds_up or len(parts) < 2 or hidden[is_total].any():
        return hidden
    counted = {"count": "estimate", **dict.fromkeys(PARTS, "n_treated")}
    size = parts[counted.get(measure, "n")].astype("float64")
    enough = settings.threshold if measure in counted else settings.minimum_denominator
    order = parts.assign(size=size, zero=size == 0).sort_values(["zero", "size", "term"], kind="stable").index
    hidden = hidden.copy()
    for place in order:
        closed = hidden[parts.index]
        if not closed.any() or (closed.sum() >= 2 and size[closed].sum() >= enough):
            break
        hidden[place] = True
    return hidden


def _levels_of_hidden_groups(rows: pd.DataFrame, hidden: pd.Series) -> pd.Series:
    """Rates and means of groups whose count is hidden: their number of persons would give the count away."""
    closed = rows.loc[hidden & (rows["measure"] == "count"), GROUP].drop_duplicates()
    marked = rows[GROUP].merge(closed.assign(closed=True), on=GROUP, how="left", validate="many_to_one")
    return marked["closed"].notna() & rows["measure"].isin(LEVELS)


def _rounded(rows: pd.DataFrame, of_persons: pd.Series, base: int) -> pd.DataFrame:
    if base < 2:
        return rows
    counts = of_persons & rows["measure"].isin(["count", *COUNTED])
    near = rounded(rows[["estimate", "n", "n_treated"]], base)
    persons = {name: rows[name].mask(of_persons, near[name]) for name in ("n", "n_treated")}
    return rows.assign(estimate=rows["estimate"].mask(counts, near["estimate"]), **persons)


def _blanked(rows: pd.DataFrame, hidden: pd.Series) -> pd.DataFrame:
    numbers = {column: rows[column].mask(hidden) for column in [*FLOATS, *COUNTS]}
    words = {column: rows[column].mask(hidden, "") for column in ["verdict", "checks"]}
    return rows.assign(**numbers, **words, note=rows["note"].mask(hidden, SUPPRESSED))
