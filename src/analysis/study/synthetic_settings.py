"""A design declared for one or a few treated units."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from analysis.study.base import Settings


class SyntheticControl(Settings):
    """One or a few units (schools, municipalities) treated from a common start, compared with a weighted mean of
    untreated ones that went the same way before; one row a unit and time."""

    kind: Literal["synthetic_control"]
    unit: str
    time: str
    treated: str = Field(description="column that says which units are treated (from the start on)")
    start: int = Field(description="the first treated time")
    method: Literal["synthetic_did", "synthetic_control"] = Field(
        "synthetic_did", description="which of the two is the main estimate; the other stands beside it"
    )
    persons: str | None = Field(
        None, description="column with how many people stand behind a row, for disclosure control"
    )
    aggregates: bool = Field(
        False, description="true: rows are published aggregates (of towns, countries), so no people need protection"
    )
    draws: int = Field(999, ge=99, description="of placebo groups, where there are more than can be enumerated")
    seed: int = 1
