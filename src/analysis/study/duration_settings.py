"""A design declared for the time until an event."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from analysis.study.base import Settings


class Duration(Settings):
    """Time until an event (a first job, leaving school); the outcome is the column with the time, which for those
    without the event ends with the data."""

    kind: Literal["duration"]
    unit: str = Field("case", description="column that names who is followed; `case`: every row")
    event: str = Field(description="column that says whether the time ended in the event")
    treated: str
    horizon: float = Field(gt=0, description="up to when the mean time without the event is compared")
    times: list[float] = Field([], description="times at which the share with the event is compared; else the horizon")
    covariates: list[str] = Field([], description="known before: those compared with are weighted to resemble by them")
    stratum: str | None = Field(None, description="column of groups within which the two are compared")
    cluster: str | None = Field(None, description="column of the groups that are alike, or were treated as a whole")
