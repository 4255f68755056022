"""The designs that a study may declare: how its comparison was made."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StrictInt

from analysis.study.base import Settings
from analysis.study.duration_settings import Duration
from analysis.study.robustness_settings import PanelSpecifications, WeightingSpecifications
from analysis.study.synthetic_settings import SyntheticControl


class DifferenceInDifferences(Settings):
    """Units treated from a common start, compared with units never treated."""

    kind: Literal["difference_in_differences"]
    unit: str
    time: str
    cluster: str
    treated: str
    start: int
    covariates: list[str] = Field(
        [], description="known before the start: the change is compared between units alike in them (doubly robust)"
    )
    exclude_times_sensitivity: list[int] = []
    stratum: str | None = None
    person: str | None = Field(None, description="who is followed over time, for the participants' own before-after")
    specifications: PanelSpecifications | None = None
    draws: int = Field(9999, ge=99)
    seed: int = 1


class Staggered(Settings):
    """Units treated from different starts on, compared with units never treated."""

    kind: Literal["staggered"]
    unit: str
    time: str
    cluster: str
    treated_from: str | None = Field(
        None, description="column with the first treated time of a unit; empty: never treated"
    )
    treated_when: str | None = Field(
        None, description="or: yes/no column by unit and time; the first time with yes is the start"
    )
    covariates: list[str] = Field(
        [], description="known before the start: the change is compared between units alike in them (doubly robust)"
    )
    comparison: Literal["never_treated", "not_yet_treated"] = Field(
        "never_treated", description="who compares: units never treated, or also those that start later"
    )
    exclude_times_sensitivity: list[int] = []
    stratum: str | None = None
    person: str | None = Field(None, description="who is followed over time, for the participants' own before-after")
    specifications: PanelSpecifications | None = None
    draws: int = Field(9999, ge=99, description="of the bootstrap; randomisation inference takes 999 at most")
    seed: int = 1


class Weighting(Settings):
    """Treated and untreated units made comparable on recorded covariates."""

    kind: Literal["weighting"]
    unit: str
    treated: str
    covariates: list[str]
    estimand: Literal["att", "ate"] = Field("att", description="effect on the treated, or on everybody")
    score: Literal["logit", "probit"] = Field("logit", description="model of the propensity score")
    trim: float | None = Field(
        None, gt=0, lt=0.5, description="leave out units with a propensity below this or above one minus this"
    )
    pseudo_outcomes: list[str] = Field(
        [], description="columns known long before, not among the covariates: the groups must not differ in them"
    )
    time: str | None = None
    cluster: str | None = None
    specifications: WeightingSpecifications | None = None
    draws: int = Field(9999, ge=99)
    seed: int = 1


ARM_SEPARATOR = ":"


class Arms(Settings):
    """The values of `treated` that a lot of more than two arms put there: who got nothing new, and who what."""

    control: str | StrictInt
    compared: list[str | StrictInt] = Field(min_length=1, description="each against control, in the report's order")

    @property
    def codes(self) -> list[str]:
        """The control value, then those compared with it."""
        return [str(self.control), *(str(one) for one in self.compared)]

    def populations(self, population: str) -> list[str]:
        """The names under which the results of each arm in a population are filed, such as ``all:A``."""
        return [f"{population}{ARM_SEPARATOR}{arm}" for arm in self.codes[1:]]


def population_and_arm(filed: str) -> tuple[str, str]:
    """The two parts of a name by :meth:`Arms.populations`; no arm, an empty second part."""
    population, _, arm = filed.partition(ARM_SEPARATOR)
    return population, arm


class Randomised(Settings):
    """Units (or clusters of them) given the treatment by lot, everybody counted in the group the lot put them in."""

    kind: Literal["randomised"]
    unit: str = Field("case", description="column that names who was drawn; `case`: every row")
    treated: str = Field(description="yes or no; with `arms`, the arm by its code")
    arms: Arms | None = Field(None, description="where the lot had more than two arms (or their codes are words)")
    cluster: str | None = Field(None, description="column of the groups that were drawn as a whole")
    stratum: str | None = Field(None, description="column of the groups within which lots were drawn")
    covariates: list[str] = Field([], description="known before the lot: their balance is shown, the estimate adjusted")
    draws: int = Field(9999, ge=99)
    seed: int = 1


class TwoWaves(Settings):
    """People asked at the start and at the end: the change in their answers and, where some take part and others do
    not, the difference between the two changes."""

    kind: Literal["two_waves"]
    unit: str | None = Field(
        "respondent", description="column that names who is asked in both waves; null: other people in each wave"
    )
    wave: str = "wave"
    treated: str | None = Field(None, description="who takes part; without it there is a change and no effect")
    margins: dict[str, dict[str, float]] = Field(
        {}, description="column -> value -> share in the population, to which the answers are weighted"
    )
    response: list[str] = Field([], description="first-wave columns that tell who answers again")
    draws: int = Field(9999, ge=99)
    seed: int = 1


class Offer(Settings):
    """Units offered the treatment, by lot or by circumstance, of which some take it: what the offer changed, and what
    the treatment changed for those who took it because of the offer."""

    kind: Literal["offer"]
    unit: str = Field("case", description="column that names who was offered; `case`: every row")
    offered: str = Field(description="column that says (or measures) who was offered")
    treatment: str = Field(description="column with what was taken up: yes or no, or an amount")
    by_lot: bool = Field(False, description="whether the offer was drawn; else it must be as good as drawn")
    cluster: str | None = Field(None, description="column of the groups that are alike, or were offered as a whole")
    covariates: list[str] = []
    draws: int = Field(9999, ge=99)
    seed: int = 1


class Discontinuity(Settings):
    """Units on two sides of a threshold: those who just reached it against those who just missed it."""

    kind: Literal["discontinuity"]
    unit: str = Field("case", description="column that names the unit; `case`: every row")
    running: str = Field(description="column that is held against the threshold")
    cutoff: float = 0.0
    treated_below: bool = Field(False, description="whether it is those below the threshold who are treated")
    treatment: str | None = Field(None, description="what was taken up, where the threshold does not decide alone")
    cluster: str | None = None
    covariates: list[str] = Field([], description="known before: none of them may jump at the threshold")
    bandwidth: float | None = Field(None, gt=0, description="half the window; else chosen by the data")


Design = Annotated[
    DifferenceInDifferences
    | Staggered
    | Weighting
    | Randomised
    | TwoWaves
    | Offer
    | Discontinuity
    | Duration
    | SyntheticControl,
    Field(discriminator="kind"),
]
