"""One group's answers to one question in both waves, with the weights that stand for those who did not answer again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.effects.columns import each_once_a_time, numbers, require, sort_key, whole_numbers
from analysis.effects.covariates import Covariates, expand
from analysis.effects.estimate import Booleans, Floats, Integers
from analysis.effects.linear import dependent_columns
from analysis.effects.raking import rake
from analysis.effects.refusal import DesignRefused
from analysis.effects.response import response_weights
from analysis.effects.two_waves import Answering, Change, change_of
from analysis.study.design_settings import TwoWaves

RARE = 5


@dataclass(frozen=True)
class Answers:
    """The people of a group who answered at the start, in the order of their names.

    ``unit`` n names; ``before``, ``after`` n (NaN: no answer); ``again`` n; ``known``: what tells who answers again,
    the first answer among it; ``margins``: codes of the columns raked to, with their shares.
    """

    unit: pd.Index
    before: Floats
    after: Floats
    known: Covariates
    margins: Mapping[str, Integers]
    shares: Mapping[str, Floats]

    @property
    def again(self) -> Booleans:
        return ~np.isnan(self.after)

    def weights(self) -> tuple[Floats, Floats, Answering | None]:
        """Weights at the start and at the end, the latter zero for those who did not answer again, and the model that
        the latter come from (None when all answered)."""
        start = rake(self.margins, self.shares).weights if self.margins else np.ones(len(self.before))
        if self.again.all():
            return start, start, None
        matrix = _matrix(self.known, self.again)
        response = response_weights(matrix, self.again, start)
        end = np.zeros(len(start))
        end[self.again] = response.weights
        if self.margins:
            seen = {name: column[self.again] for name, column in self.margins.items()}
            end[self.again] = rake(seen, self.shares, end[self.again]).weights
        return start, end, Answering(matrix, response.score, response.influence)

    def change(self) -> Change:
        start, end, answering = self.weights()
        return change_of(self.before, self.after, start, end, self.margins or None, answering)


def answers(members: pd.DataFrame, outcome: str, design: TwoWaves) -> Answers:
    """The answers of ``members`` (a row a person and wave) to one question.

    Refused: a person twice in a wave, no second wave, fewer than two people who answered again.
    """
    assert design.unit is not None
    require(members, [design.unit, design.wave, outcome, *design.response, *design.margins])
    each_once_a_time(members, design.unit, design.wave)
    values, wave = numbers(members, outcome), whole_numbers(members, design.wave)
    members = members.assign(**{outcome: values})
    first, last = (members[wave == one].set_index(design.unit) for one in (0, 1))
    first = first[first[outcome].notna()]
    first = first.iloc[sorted(range(len(first)), key=lambda place: sort_key(first.index[place]))]
    after = last[outcome].reindex(first.index).to_numpy()
    if len(first) == 0 or (~np.isnan(after)).sum() < 2:
        raise DesignRefused("one_period")
    before = first[outcome].to_numpy()
    told = first[design.response].assign(**{f"first_{outcome}": before})
    margins, shares = _margins(first, design.margins)
    return Answers(first.index, before, after, expand(told, list(told.columns), reference="commonest"), margins, shares)


def _margins(
    people: pd.DataFrame, declared: Mapping[str, Mapping[str, float]]
) -> tuple[dict[str, Integers], dict[str, Floats]]:
    """Codes of each declared column in the order of its declared values, -1 where the person's value is open."""
    found, shares = {}, {}
    for name, values in declared.items():
        texts = people[name].astype("str").str.casefold().where(people[name].notna())
        order = [value.casefold() for value in values]
        found[name] = pd.Index(order).get_indexer(texts).astype(np.int64)
        shares[name] = np.array(list(values.values()))
    return found, shares


def _matrix(known: Covariates, again: Booleans) -> Floats:
    """A constant and the standardised columns, without those that others explain and without rare categories: a handful
    of people tell nothing of who answers again, and all of them doing the same would leave no estimate."""
    kept = known.values[:, [_is_common(column, again) for column in known.values.T]]
    centred = kept - kept.mean(axis=0)
    scale = centred.std(axis=0)
    matrix = np.column_stack([np.ones(len(centred)), centred[:, scale > 0] / scale[scale > 0]])
    dropped = dependent_columns(matrix)
    return np.delete(matrix, dropped, axis=1)


def _is_common(column: Floats, again: Booleans) -> bool:
    """A measure, or a category that at least RARE people are in, and out of, in both waves and after the first."""
    if len(np.unique(column)) > 2:
        return True
    inside = column == column.max()
    return min((inside & seen).sum() for seen in (again, ~again)) >= RARE and (~inside).sum() >= RARE


def arms(members: pd.DataFrame, design: TwoWaves) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Those who take part and the others; who says neither is in none of the two."""
    assert design.treated is not None
    require(members, [design.treated])
    takes_part = members[design.treated]
    return members[takes_part.eq(True).fillna(False)], members[takes_part.eq(False).fillna(False)]
