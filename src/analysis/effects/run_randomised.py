"""All rows of one outcome of an experiment."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from analysis.effects.arm_rows import rows_of_arms
from analysis.effects.imputed_rows import ImputedTrial
from analysis.effects.populations import rows_by_population
from analysis.effects.randomised_rows import ArmRows
from analysis.effects.rows import Row, Subject
from analysis.effects.trial import read_trial
from analysis.study.design_settings import Randomised
from analysis.study.settings import Inference, Outcome


def estimate_randomised(
    panel: pd.DataFrame, name: str, outcome: Outcome, design: Randomised, inference: Inference
) -> list[Row]:
    """Rows of the results table for outcome ``name`` in each declared population; one row of ``panel`` a unit.

    With ``design.arms`` the rows of an arm stand under the population ``<population>:<arm>`` and the test that no arm
    differs from control under ``<population>``.
    """

    def estimated(subject: Subject, members: pd.DataFrame) -> Iterator[Row] | list[Row]:
        trial = read_trial(members, subject.outcome, design, inference.level)
        if design.arms is not None:
            return rows_of_arms(subject, trial, design, inference, outcome.published)
        imputed = ImputedTrial(trial, subject.outcome, design.seed)
        return ArmRows(subject, imputed, 1, design, inference).rows(outcome.published)

    return rows_by_population(panel, name, outcome, estimated)
