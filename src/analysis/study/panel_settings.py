"""Tables for the analysis that a study puts together from its own sources, without a line of code."""

from __future__ import annotations

from pydantic import Field

from analysis.study.base import Settings


class Join(Settings):
    """Columns of another source beside every row, by the columns that name the row of that source."""

    source: str
    on: list[str] = Field(min_length=1)


class Panel(Settings):
    """Rows of one or several sources, one below another, with what other sources say of the same unit beside them.

    Its rows are the cases to be analysed; the column ``case`` names each, for designs whose unit is the row itself.
    """

    rows: list[str] = Field(min_length=1, description="sources whose rows stand one below another")
    join: list[Join] = Field([], description="sources whose columns stand beside them")
    populations: dict[str, dict[str, list[str]]] = Field(
        {}, description="population -> column -> the values that belong to it (all columns must agree)"
    )
