"""What one study declares: the model behind ``studies/<name>/study.yml``.

Every key is checked before anything runs; an unknown key is an error that names the key that was probably meant
(``analysis.study.load``). Times are school years by their first calendar year (2021 is 2021/22); money is in BGN.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, model_validator

from analysis.study.base import Bilingual, Language, Settings
from analysis.study.indicator_settings import Indicators


class Contract(Settings):
    """One grant contract of the project; amounts in BGN."""

    code: str
    id: str
    cci: str
    axis: int
    programme: Bilingual
    total_bgn: float
    eu_bgn: float
    national_bgn: float


class Project(Settings):
    """The project as its contracts and its public page describe it."""

    name: Bilingual
    procedure: str
    beneficiary: Bilingual
    contracts: list[Contract]
    declared_total_bgn: float
    declared_eu_bgn: float
    declared_national_bgn: float
    bgn_per_eur: float = 1.95583
    start: date
    end: date
    declared_months: int | None = None
    lau: str = ""
    nuts3: str = ""


class Identifiers(Settings):
    """How personal numbers are checked and where the secret for their pseudonyms lies."""

    check_digit_offset: int = Field(0, ge=0, le=9)
    key: Literal["public", "secret"] = "secret"
    key_variable: str = "EVALUATION_KEY"
    key_file_variable: str = "EVALUATION_KEY_FILE"


class Layout(Settings):
    """Where the table lies in a file; ``None`` means: look."""

    sheet: str | None = None
    header_row: int | None = Field(None, ge=0, description="1-based row of the captions; 0 means no header")
    header_depth: int = Field(1, ge=1, le=4, description="how many rows, ending at header_row, make up a caption")
    empty_values: list[str] = []
    stop_at_blank_row: bool = False
    separator: str | None = None
    encodings: list[str] = []
    columns: int | None = None


class Source(Settings):
    """One register as this study receives it: which files, and where they differ from the register's own layout."""

    register_name: str = Field(alias="register")
    files: str = Field(description="glob below data/raw/<study>/")
    constants: dict[str, str] = {}
    file_name: str | None = Field(None, description="pattern whose named groups become columns")
    layout: Layout | None = None
    columns: dict[str, str | int] = Field(
        {}, description="our column name -> caption (or 1-based position) in the file"
    )
    codes: dict[str, dict[str, list[str]]] = Field({}, description="our column name -> code -> further texts")
    optional: bool = False

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class AtRisk(Settings):
    """Pupils at risk, by register data from before the school year; a pupil shows a sign or does not."""

    minimum_signs: int = Field(2, ge=1)
    absence_hours_per_month: float | None = None
    gpa_below: float | None = None
    repeater: bool = False
    parents_at_most: str | None = None
    recent_years: int = Field(1, ge=1)


class Education(Settings):
    contract: str | None = Field(None, description="whose participants are pupils; None: those of every contract")
    first_school_year: int
    last_school_year: int
    treated_from: int
    pandemic_years: list[int] = []
    chronic_absence_share: float = Field(0.10, gt=0, lt=1)
    hours_per_month: float = Field(
        110.0, gt=0, description="lesson hours in an average month, for the chronic-absence share"
    )
    at_risk: AtRisk


class PseudoEntry(Settings):
    match: Literal["calendar_month"] = "calendar_month"
    seed: int = 1


class Employment(Settings):
    contract: str | None = Field(None, description="whose participants seek work; None: those of every contract")
    months_before: int = Field(12, ge=1)
    months_after: int = Field(24, ge=1)
    after_exit: list[int] = [6, 12]
    pseudo_entry: PseudoEntry = PseudoEntry()


class DifferenceInDifferences(Settings):
    """Units treated from a common start, compared with units never treated."""

    kind: Literal["difference_in_differences"]
    unit: str
    time: str
    cluster: str
    treated: str
    start: int
    exclude_times_sensitivity: list[int] = []
    stratum: str | None = None
    person: str | None = Field(None, description="who is followed over time, for the participants' own before-after")
    draws: int = Field(9999, ge=99)
    seed: int = 1


class Weighting(Settings):
    """Treated and untreated units made comparable on recorded covariates."""

    kind: Literal["weighting"]
    unit: str
    treated: str
    covariates: list[str]
    time: str | None = None
    cluster: str | None = None
    draws: int = Field(9999, ge=99)
    seed: int = 1


Design = Annotated[DifferenceInDifferences | Weighting, Field(discriminator="kind")]


class Outcome(Settings):
    chapter: Literal["education", "employment", "other"]
    design: str
    populations: list[str]
    participation: str | None = None
    role: Literal["primary", "co_primary", "secondary", "exploratory"] = "secondary"
    better: Literal["lower", "higher"]
    unit: Literal["pp", "hours", "bgn", "points", "months"]


class Inference(Settings):
    level: float = Field(0.05, gt=0, lt=0.5)
    power: float = Field(0.80, gt=0.5, lt=1)


class Disclosure(Settings):
    threshold: int = Field(5, ge=3)
    minimum_denominator: int = Field(10, ge=3)
    rounding: int = Field(0, ge=0)


class Financing(Settings):
    """The visibility block that a funded report must carry; check the wording against the programme's handbook."""

    statement: Bilingual
    beside_emblem: Bilingual
    emblem: bool = True
    font: str = Field("", description="a typeface that the programme's visibility rules permit")


class Report(Settings):
    chapters: list[str]
    authors: list[str] = []
    status: Literal["draft", "final"] = "draft"
    financing: Financing | None = None


class Study(Settings):
    """Everything an adapter declares; the only thing that differs between two studies."""

    name: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    demonstration: bool = False
    languages: list[Language] = ["bg", "en"]
    jurisdiction: str = "BG"
    project: Project
    data_cut_off: date
    identifiers: Identifiers = Identifiers()
    schools: str | None = None
    employers: str | None = None
    sources: dict[str, Source]
    education: Education | None = None
    employment: Employment | None = None
    indicators: Indicators | None = None
    designs: dict[str, Design]
    outcomes: dict[str, Outcome]
    inference: Inference = Inference()
    disclosure: Disclosure = Disclosure()
    report: Report

    @model_validator(mode="after")
    def _nobody_finances_a_demonstration(self) -> Study:
        if self.demonstration and self.report.financing is not None:
            raise ValueError("report.financing: a demonstration carries no financing statement")
        return self

    @model_validator(mode="after")
    def _outcomes_name_a_design(self) -> Study:
        for name, outcome in self.outcomes.items():
            if outcome.design not in self.designs:
                raise ValueError(f"outcomes.{name}.design: {outcome.design!r} is not one of {sorted(self.designs)}")
        return self

    def outcomes_of(self, chapter: str) -> dict[str, Outcome]:
        """The declared outcomes of one chapter, in declared order."""
        return {name: outcome for name, outcome in self.outcomes.items() if outcome.chapter == chapter}
