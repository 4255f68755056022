"""What one study declares: the model behind ``studies/<name>/study.yml``.

Every key is checked before anything runs; an unknown key is an error that names the key that was probably meant
(``analysis.study.load``). Times are school years by their first calendar year (2021 is 2021/22); money is in BGN.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import ConfigDict, Field, model_validator

from analysis.study.base import Bilingual, Language, Settings, WrongChoice
from analysis.study.cost_settings import Costs
from analysis.study.design_settings import Design, Randomised
from analysis.study.expected_settings import ExpectedResult
from analysis.study.fields import RegisterField, Rule
from analysis.study.indicator_settings import Indicators
from analysis.study.panel_settings import Panel
from analysis.study.plan_settings import Plan
from analysis.study.robustness_settings import Dose
from analysis.study.survey_settings import Survey


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
    procedure: str = ""
    beneficiary: Bilingual
    contracts: list[Contract] = []
    declared_total_bgn: float = 0
    declared_eu_bgn: float = 0
    declared_national_bgn: float = 0
    bgn_per_eur: float = 1.95583
    start: date
    end: date
    declared_months: int | None = None
    lau: str = ""
    nuts3: str = ""


UNITS = ("pp", "hours", "bgn", "points", "months")


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
    """A table as this study receives it: which files, and either the register they hold (with what differs from its
    own layout) or the table's own columns."""

    register_name: str = Field("", alias="register", description="a register known by name; else declare `fields`")
    survey: bool = Field(False, description="answers to the questions under `survey`; `columns` says where they stand")
    files: str = Field("", description="glob below data/raw/<study>/")
    package: str | None = Field(None, description="an installed Python package that carries the file, instead of files")
    resource: str | None = Field(None, description="the file inside `package`, such as datasets/jtrain2.csv.bz2")
    title: Bilingual | None = Field(None, description="what the table is called in the report")
    institution: Bilingual | None = Field(None, description="who keeps the table")
    key: list[str] = Field([], description="columns that name a row; none: every row is a case of its own")
    fields: list[RegisterField] = Field([], description="the table's columns; `header` is the caption, else `name`")
    rules: list[Rule] = []
    constants: dict[str, str] = {}
    file_name: str | None = Field(None, description="pattern whose named groups become columns")
    layout: Layout | None = None
    columns: dict[str, str | int] = Field(
        {}, description="our column name -> caption (or 1-based position) in the file"
    )
    codes: dict[str, dict[str, list[str]]] = Field({}, description="our column name -> code -> further texts")
    optional: bool = False

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    @property
    def place(self) -> str:
        """Where the table comes from, as people should read it."""
        return f"{self.package}/{self.resource}" if self.package else self.files


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
    populations: dict[str, dict[str, list[str]]] = Field(
        {}, description="population -> column of pupil_years -> the values that belong to it (all columns must agree)"
    )


class PseudoEntry(Settings):
    match: Literal["calendar_month"] = "calendar_month"
    seed: int = 1


class Employment(Settings):
    contract: str | None = Field(None, description="whose participants seek work; None: those of every contract")
    months_before: int = Field(12, ge=1)
    months_after: int = Field(24, ge=1)
    earlier_months: int | None = Field(
        None,
        ge=1,
        le=240,
        description="how many months, before the 24 that the covariates use, `months_employed_earlier` counts; the "
        "register of contracts must reach back so far",
    )
    after_exit: list[int] = [6, 12]
    pseudo_entry: PseudoEntry = PseudoEntry()
    populations: dict[str, dict[str, list[str]]] = Field(
        {}, description="population -> column of persons -> the values that belong to it (all columns must agree)"
    )


StandardErrors = Literal["classical", "hc1", "hc2", "nearest_neighbour", "m_estimation", "influence_functions"]


class Published(Settings):
    """The number in print that the study reproduces, with the kind of standard error that stands beside it there."""

    estimate: float
    se: float | None = None
    measure: Literal["effect", "effect_participants"] = Field(
        "effect", description="what is in print: the effect, or that on those who took the treatment up"
    )
    decimals: int = Field(3, ge=0, le=9, description="digits after the point in print")
    standard_errors: StandardErrors = Field(
        "classical", description="influence_functions, over time: print has the average of the group-time effects"
    )
    estimator: Literal["ra", "ipw", "aipw"] = Field(
        "aipw", description="under a weighting design: regression adjustment, weighting, or both"
    )
    since_start: int | None = Field(
        None, ge=0, description="under different starts: print has the two-way coefficient so many times after them"
    )
    arm: str | None = Field(None, description="of a design with several arms: the one in print; else the first")
    source: Bilingual


class Unit(Settings):
    """A unit of the study's own, such as thousands of dollars."""

    name: Bilingual
    decimals: int = Field(1, ge=0, le=6)


PERSONS, MONTHS, WAVES = "persons", "person_months", "survey"
PANEL_OF_CHAPTER = {"education": "pupil_years", "employment": PERSONS, "other": ""}


class Outcome(Settings):
    chapter: Literal["education", "employment", "other"]
    design: str
    panel: str | None = Field(None, description="one of `panels`; without it the chapter's own table")
    populations: list[str]
    participation: str | None = None
    role: Literal["primary", "co_primary", "secondary", "exploratory", "placebo"] = Field(
        "secondary", description="placebo: an outcome that the project cannot have changed, to test the design by"
    )
    better: Literal["lower", "higher"]
    unit: str = Field(description="pp, hours, bgn, points, months, or one of the study's `units`")
    family: str | None = Field(
        None, description="outcomes of one family are shown only if they stand the correction for their number"
    )
    published: Published | None = None
    dose: Dose | None = Field(None, description="how much of it participants took, under a design that compares them")
    pooled: list[str] = Field(
        [], description="populations of this outcome, or other outcomes of its chapter, whose effects are put together"
    )

    @property
    def table(self) -> str:
        """The analysis table that holds the outcome, by name below ``panels/``."""
        return self.panel or PANEL_OF_CHAPTER[self.chapter]


Test = Literal["interval", "bootstrap", "randomisation"]


class Inference(Settings):
    level: float = Field(0.05, gt=0, lt=0.5)
    power: float = Field(0.80, gt=0.5, lt=1)
    tests: list[Test] = Field(
        ["interval", "bootstrap", "randomisation"],
        min_length=1,
        description="which must agree, of those that a design makes, before an effect is shown; by the rule, all",
    )
    bootstrap_weights: Literal["webb", "rademacher"] | None = Field(
        None, description="of the wild cluster bootstrap; without it they follow the number of clusters"
    )


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
    based_on: str | None = Field(
        None, description="another study, whose settings, raw files, sheets and texts are used"
    )
    changes: dict[str, Any] = Field({}, description="what differs from it: dotted key -> value")
    public_data: bool = Field(
        False, description="the raw files may be given to anybody; else an archive leaves them out"
    )
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
    costs: Costs | None = None
    expected_results: list[ExpectedResult] = []
    panels: dict[str, Panel] = {}
    survey: Survey | None = None
    units: dict[str, Unit] = {}
    names: dict[str, Bilingual] = Field(
        {}, description="what outcomes, populations and columns of the study's own are called in the report"
    )
    designs: dict[str, Design]
    outcomes: dict[str, Outcome]
    inference: Inference = Inference()
    plan: Plan | None = Field(None, description="what was promised before the data were seen")
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
                raise WrongChoice(f"outcomes.{name}.design: {outcome.design}: {', '.join(sorted(self.designs))}")
        return self

    @property
    def is_of_a_project(self) -> bool:
        """Whether somebody's project is evaluated; else published data are studied again, and nobody decides on it."""
        return not self.public_data or bool(self.project.contracts)

    def populations_of(self, outcome: str) -> list[str]:
        """The populations under which an outcome's results are filed, in declared order: with several arms, each arm in
        each population."""
        declared = self.outcomes[outcome]
        return [one for name in declared.populations for one in self._filed(declared, name)]

    def headline_populations(self, outcome: str) -> list[str]:
        """Those of the first population: one, or one an arm."""
        declared = self.outcomes[outcome]
        return self._filed(declared, declared.populations[0])

    def _filed(self, outcome: Outcome, population: str) -> list[str]:
        design = self.designs[outcome.design]
        if isinstance(design, Randomised) and design.arms is not None:
            return design.arms.populations(population)
        return [population]

    def outcomes_of(self, chapter: str) -> dict[str, Outcome]:
        """The declared outcomes of one chapter, in declared order."""
        return {name: outcome for name, outcome in self.outcomes.items() if outcome.chapter == chapter}

    def panels_behind(self, chapter: str) -> list[str]:
        """The analysis tables that a chapter's outcomes rest on, by name, in the order in which they are first met."""
        names = [outcome.table for outcome in self.outcomes_of(chapter).values()]
        return list(dict.fromkeys([*names, *([MONTHS] if PERSONS in names else [])]))
