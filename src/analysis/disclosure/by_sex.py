"""Which counts of men and women with a trait may be published: neither small ones nor what would give them away.

Everybody who could have the trait is published too, so a small remainder is as telling as a small count. Three things
can be subtracted: men and women from both, the parts of a whole from it, a part from what it is nested in.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.study.settings import Disclosure

SEXES = ["male", "female"]
SHOWN = [*SEXES, "total"]


def hidden_by_sex(
    counted: pd.DataFrame,
    among: pd.DataFrame,
    settings: Disclosure,
    wholes: Sequence[Sequence[str]] = (),
    nested: Sequence[tuple[str, str]] = (),
) -> pd.DataFrame:
    """True where a count may not be published; columns male, female, total; index as that of ``counted``.

    ``counted``, ``among``: whole numbers, columns male and female, one row an indicator. ``wholes``: indicators that
    add up to one published number; ``nested``: (part, whole) pairs.
    """
    counts, bases = _with_total(counted), _with_total(among)
    hidden = _small(counts, settings) | _small(bases - counts, settings)
    while True:
        before = hidden.copy()
        for part, whole in nested:
            if part in hidden.index and whole in hidden.index:
                telling = _small(counts.loc[[whole]] - counts.loc[part], settings).loc[whole]
                hidden.loc[part] |= telling & ~hidden.loc[whole]
        for parts in wholes:
            _close_whole(hidden, counts, [part for part in parts if part in hidden.index])
        _close_sexes(hidden)
        if hidden.equals(before):
            return hidden


def _with_total(table: pd.DataFrame) -> pd.DataFrame:
    return table[SEXES].assign(total=table[SEXES].sum(axis=1))


def _small(counts: pd.DataFrame, settings: Disclosure) -> pd.DataFrame:
    return (counts > 0) & (counts < settings.threshold)


def _close_sexes(hidden: pd.DataFrame) -> None:
    """One sex alone cannot be hidden beside the other and both; without the total neither sex is shown."""
    either = hidden[SEXES].any(axis=1) | hidden["total"]
    for sex in SEXES:
        hidden[sex] |= either


def _close_whole(hidden: pd.DataFrame, counts: pd.DataFrame, parts: list[str]) -> None:
    """One part alone cannot be hidden: the smallest other goes with it."""
    for column in SHOWN:
        closed = [part for part in parts if hidden.at[part, column]]
        others = sorted(
            (part for part in parts if part not in closed), key=lambda part: (counts.at[part, column], part)
        )
        if len(closed) == 1 and others:
            hidden.at[others[0], column] = True
