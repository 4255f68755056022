"""Planted worlds: small results tables whose verdicts are known, for one study that exists."""

from __future__ import annotations

import math
from functools import cache

import pytest

from analysis.files import Workspace, results_table
from analysis.report.chapters import Report
from analysis.report.content import Content
from analysis.report.results import Results
from analysis.study import load_study

DID_CHECKS = "pretrend:pass;clusters:pass;degrees_of_freedom:pass;randomisation:pass"
AIPW_CHECKS = "sample:pass;overlap:pass;effective_sample:pass;balance:pass"
SCHOOLS = {"n": 2345, "n_treated": 1001, "clusters": 24, "clusters_treated": 6}
PERSONS = {"n": 1840, "n_treated": 311}
YEARS = range(2016, 2023)
DESCRIBED = ("dropout_a", "total_abs")  # the headlines of the chapter on education

# verdict -> estimate in units of the standard error, p by bootstrap, p by randomisation, state of the failing check
WORLDS = {
    "shown": (3.5, 0.004, 0.011, "pass"),
    "not_shown": (0.6, 0.58, 0.61, "pass"),
    "design_failed": (3.5, 0.004, 0.011, "fail"),
    "inconclusive": (2.3, 0.031, 0.094, "pass"),
}


def plant(world: str) -> Results:
    """A full set of rows, as the estimators and the descriptions write them, in which every effect has one verdict."""
    parts = [
        education_rows(world),
        employment_rows(world),
        data_rows(),
        indicator_rows(),
        cost_rows(),
        survey_rows(world),
    ]
    return Results(results_table([row for part in parts for row in part]))


SURVEYED = {
    "residents_two_waves": ("residents", {
        "survey_work": "share", "survey_income": "bgn", "survey_care": "share", "survey_checkup": "share",
        "survey_events": "share", "survey_conflicts": "share",
    }),
    "pupils_two_waves": ("survey_pupils", {"survey_motivation": "points"}),
    "majority_two_waves": ("majority", {"survey_attitudes": "points", "survey_informed": "share"}),
}  # fmt: skip
SURVEY_CHECKS = "sample:pass;answered_again:doubt;even_weights:pass"


def survey_rows(world: str):
    """Both waves of every outcome of the survey, the families' corrections, two scales, who answered again."""
    for group, count in (("residents", 638.0), ("majority", 698.0), ("pupils", 480.0)):
        base = {"chapter": "survey", "population": group}
        for term, share in (("baseline", 1.0), ("endline", 0.8), ("both", 0.78)):
            key = {**base, "outcome": "respondents", "measure": "count", "unit": "count"}
            yield {**key, "term": term, "estimate": round(count * share)}
        yield {**base, "outcome": "answered_again", "measure": "rate", "unit": "share", "estimate": 0.78, "n": 600}
    for design, (population, outcomes) in SURVEYED.items():
        for outcome, unit in outcomes.items():
            key = {"chapter": "other", "outcome": outcome, "population": population, "design": design, "unit": unit}
            yield from surveyed_rows(world, key, has_comparison=population != "majority")
    for scale, population in (("survey_attitudes", "majority"), ("survey_motivation", "survey_pupils")):
        key = {"chapter": "other", "outcome": scale, "population": population, "unit": "coefficient", "n": 620}
        yield {**key, "measure": "alpha", "estimate": 0.78, "ci_low": 0.75, "ci_high": 0.81}
        yield {**key, "measure": "omega", "estimate": 0.79}


def surveyed_rows(world: str, key: dict, has_comparison: bool):
    se = {"bgn": 20.0, "points": 0.05}.get(key["unit"], 0.05)
    measure = "effect" if has_comparison else "change"
    row = effect_row(world, {**key, "measure": measure}, se, 1, 10 * se)
    checks = f"{SURVEY_CHECKS};differential_attrition:{WORLDS[world][3]}" if has_comparison else SURVEY_CHECKS
    yield {**row, "checks": checks, "n_treated": PERSONS["n_treated"] if has_comparison else None}
    for name in ("holm", "romano_wolf"):
        yield {**key, "measure": "p_adjusted", "term": name, "unit": "p", "estimate": WORLDS[world][2], **PERSONS}
    for group in ("treated", "comparison") if has_comparison else ("",):
        for wave in ("baseline", "endline"):
            yield {**key, "measure": "mean", "term": f"{wave}_{group}".rstrip("_"), "estimate": 9 * se, "n": 300}
        if has_comparison:
            yield {**key, "measure": "change", "term": group, **interval(se, se), "n": 300}
        term = f"is_female_{group}".rstrip("_")
        yield {**key, "measure": "balance_leavers", "term": term, "unit": "sd", "estimate": 0.12, "n": 300}


def cost_rows():
    """Spending of both contracts and one activity, a unit cost with its interval, and one without a figure."""
    base = {"chapter": "costs", "unit": "bgn"}
    totals, ratios = {"total": 1.1e6, "management": 1e5}, {"direct": 3141.0, "with_management": 3456.0}
    for contract in ("OPHRD", "OPSESG"):
        for outcome, measure, values in (("spending", "total", totals), ("participant", "ratio", ratios)):
            key = {**base, "outcome": outcome, "population": contract, "measure": measure}
            yield from ({**key, "term": term, "estimate": value} for term, value in values.items())
    key = {**base, "outcome": "activity", "population": "R1"}
    for term, measure, value in (
        ("planned", "total", 86400.0),
        ("spent", "total", 81302.0),
        ("person", "ratio", 256.0),
    ):
        yield {**key, "measure": measure, "term": term, "estimate": value}
    result = {**base, "measure": "per_result", "design": "participants_aipw", "population": "participants"}
    numbers = {"estimate": 41439.0, "ci_low": 24665.0, "ci_high": 129531.0, "verdict": "shown"}
    yield {**result, "outcome": "person_in_work_6", **numbers}
    yield {**result, "outcome": "person_in_work_12", "note": "reason=no_effect_shown;effect=x"}
    yield {**result, "outcome": "pupil_retained", "note": "reason=no_effect_shown;effect=x"}


def indicator_rows():
    """Two common indicators (one hidden by sex, one not measurable), both programme ones, and three activities."""
    base = {"chapter": "indicators", "measure": "count", "unit": "count"}
    for population, size in (("OPHRD", 318.0), ("OPSESG", 418.0), ("project", 728.0)):
        for term, value in (("total", size + 2), ("complete", size), ("incomplete", 2.0), ("left", size)):
            yield {**base, "outcome": "records", "population": population, "term": term, "estimate": value}
    for outcome, contract, version in (
        ("CO01", "OPHRD", ""), ("CO12", "OPHRD", ""), ("CR04", "OPHRD", ""), ("RCHR_R1", "OPHRD", "any"),
        ("RCHR_R1", "OPHRD", "strict"), ("RCHR_R1", "OPHRD", "work"), ("NOIR_O1", "OPSESG", "any"),
    ):  # fmt: skip
        note = "dropped" if outcome == "CO12" else ""
        for term, value in (("male", 94.0), ("female", 176.0), ("total", 270.0)):
            key = {"outcome": outcome, "population": contract, "design": version, "term": term}
            yield {**base, **key, "estimate": value, "note": note}
    for term in ("male", "female", "total"):
        yield {**base, "outcome": "CR07", "population": "OPHRD", "term": term, "note": "not_measurable"}
        hidden = {"note": "suppressed"} if term != "total" else {"estimate": 18.0}
        yield {**base, "outcome": "CR08", "population": "OPHRD", "term": term, **hidden}
    yield {**base, "outcome": "CR06", "population": "OPHRD", "design": "censored", "term": "total", "estimate": 21.0}
    yield {**base, "outcome": "reach", "population": "R1", "term": "total", "estimate": 320.0}
    yield {**base, "outcome": "reach", "population": "R5", "term": "total", "note": "suppressed"}
    key = {"chapter": "indicators", "population": "R1", "n": 320}
    yield {**key, "outcome": "hours", "measure": "mean", "unit": "hours", "estimate": 6.4}
    yield {**key, "outcome": "completion", "measure": "rate", "unit": "share", "estimate": 0.87}
    for term, value in (("planned", 24.0), ("delivered", 18.0)):
        yield {**base, "outcome": "units", "population": "R7", "term": term, "estimate": value}


def effect_row(world: str, key: dict, se: float, sign: int, baseline: float) -> dict:
    size, p_wild, p_randomisation, state = WORLDS[world]
    estimate = sign * size * se
    row = {**key, "estimate": estimate, "se": se, "ci_low": estimate - 2.2 * se, "ci_high": estimate + 2.2 * se}
    row |= {"p": math.erfc(size / math.sqrt(2)), "df": 9.3, "baseline": baseline, "mde": 3.1 * se, "verdict": world}
    if key["chapter"] == "education":
        checks = DID_CHECKS.replace("pretrend:pass", f"pretrend:{state}")
        if (key["measure"], key["population"]) == ("effect", "at_risk") and key["outcome"] in DESCRIBED:
            checks += ";specifications:pass"
        return {**row, **SCHOOLS, "p_wild": p_wild, "p_randomisation": p_randomisation, "checks": checks}
    return {**row, **PERSONS, "checks": AIPW_CHECKS.replace("overlap:pass", f"overlap:{state}")}


def education_rows(world: str):
    outcomes = {
        "dropout_a": ("share", 0.008, 0.071),
        "dropout_b": ("share", 0.009, 0.085),
        "dropout_c": ("share", 0.006, 0.04),
        "total_abs": ("hours", 0.5, 14.2),
        "unexc_abs": ("hours", 0.3, 4.1),
        "chronic_abs": ("share", 0.015, 0.21),
    }
    for outcome, (unit, se, level) in outcomes.items():
        for population in ("at_risk", "all"):
            yield from outcome_rows(world, outcome, population, unit, se, level)
    yield from pupil_rows()


def pupil_rows():
    base = {"chapter": "education", "population": "all"}
    share = {**base, "measure": "rate", "unit": "share"}
    for year in YEARS:
        for group, pupils, at_risk in (("project", 900.0, 0.25), ("comparison", 2000.0, 0.16)):
            term = f"{year}/{group}"
            count = {"outcome": "pupils", "measure": "count", "unit": "count"}
            yield {**base, **count, "term": term, "estimate": pupils}
            if year > YEARS[0]:
                yield {**share, "outcome": "at_risk", "term": term, "estimate": at_risk}
            if year >= 2021:
                took_part = {"outcome": "participation", "population": "at_risk", "term": term}
                yield {**share, **took_part, "estimate": 0.7 * (group == "project")}


def outcome_rows(world: str, outcome: str, population: str, unit: str, se: float, level: float):
    base = {"chapter": "education", "outcome": outcome, "population": population, "design": "school_did", "unit": unit}
    for measure in ("effect", "effect_without_pandemic", "effect_participants"):
        yield effect_row(world, {**base, "measure": measure}, se, -1, level)
    state = WORLDS[world][3]
    for term in ("all", "without_pandemic"):
        p = 0.003 if state == "fail" else 0.42
        yield {**base, "measure": "pretrend", "term": term, "unit": "p", "estimate": p, "checks": f"pretrend:{state}"}
    for year in YEARS:
        bent = {"estimate": 0.0, "note": "reference"} if year == 2020 else interval(-se * (year > 2020), se)
        yield {**base, "measure": "event", "term": str(year), **SCHOOLS, **bent}
        for group, shift in (("project", 0.3), ("comparison", 0.0), ("total", 0.1)):
            mean = {"chapter": "education", "outcome": outcome, "population": population, "unit": unit}
            yield {**mean, "measure": "mean", "term": f"{year}/{group}", "estimate": level * (1 + shift), "n": 400}
    if population == "at_risk" and outcome in DESCRIBED:
        yield from specification_rows(world, base, se)
        yield {**base, "measure": "spill_over", **interval(0.4 * se, se), **SCHOOLS, "mde": 3 * se}
    if population == "at_risk" and outcome == "total_abs":
        for place, term in enumerate(("0-7", "7-9", "9+", "trend")):
            measure = {"measure": "dose_trend"} if term == "trend" else {"measure": "dose", "term": term}
            yield {**base, **measure, **interval(-(1 + place) * se, se), **SCHOOLS, "note": "dose=chosen"}
    yield {**base, "measure": "naive", **interval(-2 * se, se), **SCHOOLS}
    yield {**base, "measure": "raw_difference", **interval(se, se), **SCHOOLS}


def specification_rows(world: str, base: dict, se: float):
    """Four specifications, all of which say what the headline says."""
    declared = "as_declared"
    terms = [(times, first) for times in (declared, "without_pandemic") for first in (declared, "from_2018")]
    for place, (times, first) in enumerate(terms):
        numbers = {**interval(-(WORLDS[world][0] + place) * se, se), **SCHOOLS}
        yield {**base, "measure": "specification", "term": f"excluded_times={times},first_time={first}", **numbers}
    counts = {"declared": (4.0, "count"), "refused": (0.0, "count")}
    counts |= dict.fromkeys(("same_sign", "same_answer", "agreeing"), (1.0, "share"))
    for term, (value, unit) in counts.items():
        checks = "specifications:pass" if term == "agreeing" else ""
        yield {**base, "measure": "specifications", "term": term, "unit": unit, "estimate": value, "checks": checks}
    for term, place in (("median", 1.5), ("lowest", 3), ("highest", 0)):
        value = -(WORLDS[world][0] + place) * se
        yield {**base, "measure": "specification_range", "term": term, "estimate": value}


def interval(estimate: float, se: float) -> dict:
    ends = {"ci_low": estimate - 2 * se, "ci_high": estimate + 2 * se}
    return {"estimate": estimate, "se": se, **ends, "band_low": estimate - 3 * se, "band_high": estimate + 3 * se}


def employment_rows(world: str):
    yield from selection_rows()
    for outcome in ("employed", "unsubsidised"):
        base = {"chapter": "employment", "outcome": outcome, "population": "participants"}
        base |= {"design": "participants_aipw", "unit": "share"}
        head = effect_row(world, {**base, "measure": "effect"}, 0.024, 1, 0.31)
        yield head
        for months in (6, 12):
            yield effect_row(world, {**base, "measure": "after_exit", "term": str(months)}, 0.027, 1, 0.33)
        for month in range(-12, 25):
            effect = head["estimate"] if month == 12 else 0.001 * month
            yield {
                **base,
                "measure": "monthly",
                "term": str(month),
                "baseline": 0.3,
                **PERSONS,
                **interval(effect, 0.02),
            }
        yield {**base, "measure": "lock_in", **interval(-0.04, 0.02), **PERSONS, "note": "month=3"}
        for term in ("", "after_exit_6"):
            yield {**base, "measure": "naive", "term": term, **interval(0.21, 0.02), **PERSONS}
        for term, before in (("age", 0.35), ("employed_lag_1", -0.62), ("entry_quarter=2022Q1", 0.1)):
            yield {**base, "measure": "balance_before", "term": term, "unit": "sd", "estimate": before, **PERSONS}
            yield {**base, "measure": "balance_after", "term": term, "unit": "sd", "estimate": before / 20, **PERSONS}
        yield {**base, "measure": "overlap", "term": "effective_sample", "unit": "count", "estimate": 640.4, **PERSONS}
        yield {**base, "measure": "overlap", "term": "outside_support", "estimate": 0.02, **PERSONS}


def selection_rows():
    base = {"chapter": "employment", "outcome": "selection", "population": "all", "measure": "count", "unit": "count"}
    for group, counts in (("project", (320, 311, 9)), ("comparison", (1540, 1529, 11))):
        for status, count in zip(("total", "kept", "not_eligible"), counts, strict=True):
            yield {**base, "term": f"{group}/{status}", "estimate": float(count)}


def data_rows():
    base = {"chapter": "data", "measure": "count", "unit": "count"}
    for source, read, quarantined in (("pupils", 24011, 31), ("absences", 180233, 512), ("participants_ophrd", 331, 4)):
        counts = {"files": 8, "read": read, "accepted": read - quarantined, "quarantined": quarantined}
        for term, count in counts.items():
            yield {**base, "outcome": "rows", "population": source, "term": term, "estimate": float(count)}
    finding = {
        "outcome": "findings",
        "population": "pupils",
        "term": "quarantined:findings.duplicate",
        "estimate": 21.0,
        "n": 2,
    }
    yield {**base, **finding}
    match = {"outcome": "match", "population": "participants_opsesg", "term": "pupils", "estimate": 0.974, "n": 420}
    yield {"chapter": "data", "measure": "rate", "unit": "share", **match}
    for contract, total in (("OPHRD", 320.0), ("OPSESG", 420.0)):
        people = {**base, "outcome": "participants", "population": contract}
        yield {**people, "term": "total", "estimate": total}
        yield {**people, "design": "sex", "term": "female", "estimate": total / 2}
        yield {**people, "design": "sex", "term": "male", "estimate": total / 2}
        yield {**people, "design": "status", "term": "inactive", "note": "suppressed"}


@cache
def study_of_the_demonstration():
    return load_study("haskovo-demo")


def open_report(results: Results, language: str) -> Report:
    return Report(Content.of(study_of_the_demonstration(), language, Workspace.of("haskovo-demo"), results))


def rendered(report: Report) -> dict[str, list]:
    """All chapters, as lists of texts, tables and figures; figures are closed."""
    import matplotlib.pyplot as plt

    chapters = {name: report.render(name) for name in report.chapters}
    plt.close("all")
    return chapters


@pytest.fixture(scope="session")
def planted():
    """The results of a world by its name."""
    return plant


@pytest.fixture(scope="session")
def report_of():
    """The report of given results in a language."""
    return open_report


@pytest.fixture(scope="session")
def effect():
    """A row of the results form: an effect of ``size`` percentage points or hours, with its tests on given sides."""
    outcomes = {"share": ("dropout_a", 0.01), "hours": ("total_abs", 1.0)}

    def row(size: float, unit: str, verdict: str, **more: object) -> dict:
        outcome, scale = outcomes[unit]
        base = {"chapter": "education", "outcome": outcome, "population": "at_risk", "design": "school_did"}
        half = min(3.0, abs(size) / 2) if verdict == "shown" else 3.0
        numbers = {"estimate": size * scale, "ci_low": (size - half) * scale, "ci_high": (size + half) * scale}
        tests = {"p": 0.03, "p_wild": 0.0004, "p_randomisation": 0.2, "mde": 2 * scale, "checks": DID_CHECKS}
        return {**base, "measure": "effect", "unit": unit, "verdict": verdict, **numbers, **tests, **SCHOOLS, **more}

    return row


@pytest.fixture(scope="session")
def worlds():
    """(world, language) -> (report, its chapters), each rendered once."""
    made = {}
    for world in WORLDS:
        for language in ("bg", "en"):
            report = open_report(plant(world), language)
            made[world, language] = (report, rendered(report))
    return made
