"""The sections of a proposed study.yml that say what is estimated: chapters, designs, outcomes."""

from __future__ import annotations

from analysis.adapting.facts import ABSENCES, MARKS, PARTICIPANTS, PUPILS, Facts
from analysis.adapting.grouping import FoundSource
from analysis.adapting.own_fields import OwnField, own_fields
from analysis.adapting.page import Page, key, listed, quoted
from analysis.adapting.plan_lines import write_plan

COVARIATES = (
    "[age, age_squared, is_female, education_lower, education_upper, months_employed_12, months_employed_24,",
    " employed_lag_1, employed_lag_3, months_unemployed, long_term_unemployed, entry_quarter]",
)
PANDEMIC = (2019, 2020)
MOST_COVARIATES = 6
NAMED = ("boolean", "integer", "number", "code")


def write_analysis(page: Page, facts: Facts, sources: list[FoundSource]) -> None:
    """Chapters with their years, designs and outcomes where the data bear them, examples for own tables."""
    own = [source for source in sources if source.register is None]
    if facts.has_education:
        _education(page, facts)
    if facts.has_employment:
        _employment(page, facts)
    if own:
        page.note("panels")
        page.put("panels:")
        for source in own:
            page.put(f"{panel_of(source)}: {{rows: {listed([key(source.name)])}}}", indent=2)
        page.gap()
        _names(page, own)
    _designs(page, facts, own)
    _outcomes(page, facts, own)
    write_plan(page, facts, _populations(facts))
    _report(page, facts)


def _names(page: Page, own: list[FoundSource]) -> None:
    """What the columns of own tables are called in the report: their captions, to be translated."""
    called: dict[str, str] = {}
    for source in own:
        for one in own_fields(source.first.table):
            if one.kind in NAMED and one.use == "keep" and one.header:
                called.setdefault(one.name, one.header)
    if called:
        page.note("names")
        page.put("names:")
    for name, caption in called.items():
        page.put(f"{key(name)}: {{bg: {quoted(caption)}, en: {quoted(caption)}}}", page.words("check"), 2)
    if called:
        page.gap()


def panel_of(source: FoundSource) -> str:
    """The name of the analysis table made of a source of the study's own."""
    return f"{source.name}_rows"


def treated_from(facts: Facts) -> int:
    """A first guess at the start: the middle of the years, to be replaced."""
    return facts.years[len(facts.years) // 2]


def _signs(facts: Facts) -> list[str]:
    """The signs of risk that the files can show, as lines of the section ``at_risk``."""
    lines = ["absence_hours_per_month: 12.0"] if ABSENCES in facts.registers else []
    lines += ["gpa_below: 3.75"] if MARKS in facts.registers else []
    lines += ["repeater: true"] if (PUPILS, "repeater") in facts.columns else []
    has_parents = {(PUPILS, "mother_education"), (PUPILS, "father_education")} & facts.columns
    return [*lines, *(["parents_at_most: primary"] if has_parents else [])]


def _education(page: Page, facts: Facts) -> None:
    signs = _signs(facts)
    page.note("education")
    page.put("education:")
    if PARTICIPANTS in facts.registers and facts.pupils_contract:
        page.put(f"contract: {facts.pupils_contract}", page.words("pupils_contract"), 2)
    page.put(f"first_school_year: {facts.years[0]}", indent=2)
    page.put(f"last_school_year: {facts.years[-1] - 1}", page.words("last_year"), 2)
    page.put(f"treated_from: {treated_from(facts)}", page.words("treated_from"), 2)
    if _pandemic(facts):
        page.put(f"pandemic_years: {_pandemic(facts)}", page.words("pandemic"), 2)
    page.put("at_risk:", page.words("at_risk"), 2)
    page.put(f"minimum_signs: {min(2, max(1, len(signs)))}", indent=4)
    for line in signs:
        page.put(line, indent=4)
    page.gap()


def _pandemic(facts: Facts) -> list[int]:
    """Years of remote teaching within the study, where absences are an outcome."""
    within = range(facts.years[0], facts.years[-1])
    return [year for year in PANDEMIC if year in within] if ABSENCES in facts.registers else []


def _employment(page: Page, facts: Facts) -> None:
    page.note("employment")
    page.put("employment:")
    page.put(f"contract: {facts.seekers_contract}", page.words("seekers_contract"), 2)
    page.put("months_before: 12", indent=2)
    page.put("months_after: 24", indent=2)
    page.put("after_exit: [6, 12]", indent=2)
    page.gap()


def _designs(page: Page, facts: Facts, own: list[FoundSource]) -> None:
    page.note("designs")
    page.put("designs:" if facts.has_education or facts.has_employment else "designs: {}")
    if facts.has_education:
        for line in ("school_did:", "  kind: difference_in_differences", "  unit: school_code", "  time: school_year",
                     "  cluster: school_code", "  treated: project_school"):  # fmt: skip
            page.put(line, indent=2)
        page.put(f"  start: {treated_from(facts)}", page.words("start"), 2)
        if _pandemic(facts):
            page.put(f"  exclude_times_sensitivity: {_pandemic(facts)}", indent=2)
        page.put("  person: person_id", indent=2)
        page.note("stratum", indent=4)
        page.note("staggered", indent=4)
    if facts.has_employment:
        for line in ("participants_aipw:", "  kind: weighting", "  unit: person_id", "  treated: treated",
                     f"  covariates: {COVARIATES[0]}", f"              {COVARIATES[1]}", "  time: month"):  # fmt: skip
            page.put(line, indent=2)
    for source in own:
        _example_design(page, source)
    page.gap()


def _example_design(page: Page, source: FoundSource) -> None:
    """A comparison of like with like within a table of the study's own, switched off."""
    treated, _, covariates = roles(source)
    page.note("example", indent=2, table=panel_of(source), section="designs")
    if treated is None or treated.kind != "boolean":
        page.note("example_two_valued", indent=2, yes=quoted("true"), no=quoted("false"))
    page.note("example_covariates", indent=2)
    names = listed(key(one.name) for one in covariates)
    for line in (f"{source.name}_comparison:", "  kind: weighting", "  unit: case",
                 f"  treated: {key(treated.name) if treated else 'TODO'}", f"  covariates: {names}"):  # fmt: skip
        page.off(line, 2)


def roles(source: FoundSource) -> tuple[OwnField | None, OwnField | None, list[OwnField]]:
    """Who might be the treated, what the outcome, what is known before: the first column of two values, the last number
    or yes-no, and what stands between them."""
    fields = [one for one in own_fields(source.first.table) if one.use == "keep"]
    two_valued = [one for one in fields if one.kind == "boolean" or (one.kind == "code" and len(one.codes) == 2)]
    treated = two_valued[0] if two_valued else None
    measured = [one for one in fields if one.kind in ("boolean", "integer", "number") and one is not treated]
    outcome = measured[-1] if measured else None
    known = [one for one in fields if one.kind in ("boolean", "integer", "number", "code") and not one.required]
    return treated, outcome, [one for one in known if one not in (treated, outcome)][:MOST_COVARIATES]


def _outcomes(page: Page, facts: Facts, own: list[FoundSource]) -> None:
    page.note("outcomes")
    page.put("outcomes:" if facts.has_education or facts.has_employment else "outcomes: {}")
    if facts.has_education:
        joins = ", participation: participant" if facts.pupils_contract else ""
        of_school = f"chapter: education, design: school_did, populations: {_populations(facts)}"
        page.put(f"dropout_a: {{{of_school}{joins}, role: primary, better: lower, unit: pp}}", indent=2)
        page.put(f"dropout_b: {{{of_school}, better: lower, unit: pp}}", indent=2)
        if ABSENCES in facts.registers:
            page.put(f"total_abs: {{{of_school}{joins}, role: co_primary, better: lower, unit: hours}}", indent=2)
            page.put(f"unexc_abs: {{{of_school}, better: lower, unit: hours}}", indent=2)
    if facts.has_employment:
        of_work = "chapter: employment, design: participants_aipw, populations: [participants], role: primary"
        for name in ("employed", "unsubsidised"):
            page.put(f"{name}: {{{of_work}, better: higher, unit: pp}}", indent=2)
    for source in own:
        _example_outcome(page, source)
    page.gap()


def _populations(facts: Facts) -> str:
    return "[at_risk, all]" if _signs(facts) else "[all]"


def _example_outcome(page: Page, source: FoundSource) -> None:
    _, outcome, _ = roles(source)
    unit = "pp" if outcome is None or outcome.kind == "boolean" else "points"
    page.note("example", indent=2, table=panel_of(source), section="outcomes")
    page.off(
        f"{key(outcome.name) if outcome else 'TODO'}: {{chapter: other, panel: {panel_of(source)}, "
        f"design: {source.name}_comparison, populations: [everybody], role: primary, better: higher, unit: {unit}}}",
        2,
    )


def _report(page: Page, facts: Facts) -> None:
    chapters = ["summary", "introduction", "intervention", "questions", "data_and_methods"]
    chapters += ["education"] if facts.has_education else []
    chapters += ["employment"] if facts.has_employment else []
    chapters += ["robustness", "limitations", "conclusions", "annexes"]
    page.note("report")
    page.put("report:")
    page.put(f"chapters: {listed(chapters)}", indent=2)
