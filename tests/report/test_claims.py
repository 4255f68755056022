"""No sentence by rule says more than interval and checks allow: every verdict, check, sign and kind of design."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import product
from typing import get_args

import pytest

from analysis.files import Workspace, results_table
from analysis.report.labels import Labels
from analysis.report.ledger import Ledger
from analysis.report.results import Results
from analysis.report.values import Values
from analysis.report.verdict_states import VERDICTS
from analysis.report.wording import Wording
from analysis.study import load_study
from analysis.study.design_settings import Design

MEMBERS = get_args(get_args(Design)[0])
KINDS = {get_args(member.model_fields["kind"].annotation)[0]: member for member in MEMBERS}
CHECKS = {
    "none": "", "passed": "sample:pass;overlap:pass", "doubt": "sample:pass;overlap:doubt",
    "failed": "sample:fail;overlap:pass", "both": "sample:fail;overlap:doubt", "two": "sample:doubt;overlap:doubt",
}  # fmt: skip
INTERVALS = {  # estimate, ends
    "below": (-0.04, -0.07, -0.01), "above": (0.04, 0.01, 0.07), "across": (-0.04, -0.09, 0.01),
    "across_up": (0.04, -0.01, 0.09), "at_zero": (0.04, 0.0, 0.08), "none": (-0.04, float("nan"), float("nan")),
    "none_up": (0.04, float("nan"), float("nan")),
}  # fmt: skip
HOLDING_ZERO = ("across", "across_up", "at_zero")
FAILED = ("failed", "both")
MEASURES = ("effect", "change")
SPOKEN = [("jtrain2", kind) for kind in KINDS]  # published data studied again, and a project
SPOKEN += [("haskovo-demo", kind) for kind in ("difference_in_differences", "randomised")]

CLAIM = {
    "bg": re.compile(r"[Дд]оказан ефект|[Уу]становен ефект|[Вв]следствие|[Ее]фектът е "),
    "en": re.compile(r"[Ee]ffect is (shown|found)|[Ee]ffect (shown|found)|[Bb]ecause of|[Tt]he effect is "),
}
PROOF = {"bg": re.compile(r"[Дд]оказан"), "en": re.compile(r"[Ee]ffect is shown|[Ee]ffect shown")}
DENIED = {
    "bg": re.compile(r"(не е|[Нн]е беше|не се) установен ефект|\(не е ефект\)|не мо(же|гат) да бъдат? доказан\w*"),
    "en": re.compile(r"[Nn]o effect (could be|is) shown"),
}
CONDITION = {"bg": "при приетите допускания", "en": "under the stated assumptions"}
RESERVED = {
    "bg": "за част от",  # how the doubt on overlap begins, for people and for observations
    "en": "hardly any comparable",
}
IN_DOUBT = {"bg": "проверките оставят съмнение", "en": "the checks leave a doubt"}
ABSENCE = {
    "bg": re.compile(r"няма(ше)? ефект|липсва ефект|е без ефект|слаб ефект е|малък ефект"),
    "en": re.compile(r"has no effect|had no effect|there is no effect|small effect|without effect"),
}
GO_ON = {"bg": "да бъдат продължени.", "en": "Continue the measures"}


def spoken_in(study_name: str, kind: str, language: str) -> Wording:
    """The wording of a study all of whose designs are of one kind."""
    study = load_study(study_name)
    designs = {name: KINDS[kind].model_construct(kind=kind) for name in study.designs}
    study = study.model_copy(update={"designs": designs})
    values = Values(study, language, Results(results_table([])), Ledger())
    return Wording(values, Labels.of(Workspace.of(study_name), study, language))


def base_row(study_name: str):
    study = load_study(study_name)
    outcome = "unem78" if study_name == "jtrain2" else "employed"
    declared = study.outcomes[outcome]
    row = {
        "chapter": declared.chapter, "outcome": outcome, "population": declared.populations[0],
        "design": declared.design, "measure": "effect", "unit": "share", "estimate": -0.04, "se": 0.01, "p": 1e-9,
        "p_randomisation": 0.0004,
        "mde": 0.03, "n": 400, "n_treated": 200, "verdict": "shown",
    }  # fmt: skip
    return next(iter(Results(results_table([row]))))


def sentences(wording: Wording, row) -> dict[str, str]:
    """Everything that is said of a row by rule, by what says it."""
    of = (row.outcome, row.population, row)
    said = {
        "verdict": wording.verdict(*of), "name": wording.verdict_name(row), "in_table": wording.verdict_in_table(row),
        "advice": wording.recommendation([row.outcome], row), "lesson": wording.lesson(*of),
        "details": wording.details(row), "checks": wording.checks(row), "tally": wording.tally([row]),
        "beside": wording.checks(row, beside_verdict=True), "participant": wording.per_participant(row, row),
    }  # fmt: skip
    plain = {name: re.sub(r"\[([^\]]*)\]\{[^}]*\}", r"\1", text).replace("\u00a0", " ") for name, text in said.items()}
    return {**plain, "legend": " ".join(wording.legend([row]))}


@pytest.fixture(scope="module", params=[(*of, language) for of in SPOKEN for language in ("bg", "en")], ids="-".join)
def cases(request):
    """(language, kind, everything said of each combination of verdict, checks, interval and measure)."""
    study, kind, language = request.param
    wording, base = spoken_in(study, kind, language), base_row(study)
    found = []
    for verdict, (state, checks), (place, numbers), measure in product(
        VERDICTS, CHECKS.items(), INTERVALS.items(), MEASURES
    ):
        estimate, low, high = numbers
        changed = {"verdict": verdict, "checks": checks, "estimate": estimate, "ci_low": low, "ci_high": high}
        row = replace(base, measure=measure, **changed)
        allowed = verdict == "shown" and state not in FAILED and place not in HOLDING_ZERO
        found.append(((verdict, state, place, measure), allowed, sentences(wording, row)))
    return language, kind, found


def claims(language: str, text: str) -> bool:
    return bool(CLAIM[language].search(DENIED[language].sub("", text)))


def test_an_effect_is_claimed_only_where_interval_and_checks_allow_it(cases):
    language, _, found = cases
    apart = ("legend", "checks", "beside")
    too_strong = [
        (case, name, text)
        for case, allowed, said in found
        for name, text in said.items()
        if name not in apart and claims(language, text) and not (allowed and case[3] == "effect")
    ]
    assert too_strong == []


def test_what_is_allowed_is_said(cases):
    """The rules are not silent either: an effect that may be claimed is claimed in the verdict."""
    language, _, found = cases
    for case, allowed, said in found:
        assert claims(language, said["verdict"]) == (allowed and case[3] == "effect"), case


def test_only_a_draw_proves(cases):
    language, kind, found = cases
    texts = [DENIED[language].sub("", text) for _, _, said in found for text in said.values()]
    proven = [text for text in texts if PROOF[language].search(text)]
    assert bool(proven) == (kind == "randomised")
    for case, allowed, said in found:
        if allowed and case[3] == "effect" and kind != "randomised":
            assert CONDITION[language] in said["verdict"] and CONDITION[language] in said["name"], case


def test_a_doubt_is_named_beside_every_effect_that_is_claimed(cases):
    language, _, found = cases
    for case, allowed, said in found:
        if allowed and case[1] in ("doubt", "two"):
            assert RESERVED[language] in said["verdict"], (case, said["verdict"])
            assert IN_DOUBT[language] in said["in_table"] and IN_DOUBT[language] in said["tally"], case
            assert GO_ON[language] not in said["advice"], case
            if case[3] == "effect":
                assert RESERVED[language] in said["advice"] and RESERVED[language] in said["lesson"], case


def test_a_failed_check_is_named_and_nothing_is_built_on_the_estimate(cases):
    language, _, found = cases
    cannot = {"bg": "не може да се тълкува като ефект", "en": "cannot be read as an effect"}[language]
    for case, _, said in found:
        if case[1] in FAILED and case[3] == "effect":
            assert cannot in said["name"] and GO_ON[language] not in said["advice"], case
            assert {"bg": "не издържа", "en": "did not pass"}[language] in said["verdict"], case


def test_nothing_is_said_to_be_without_effect(cases):
    language, _, found = cases
    assert [(case, text) for case, _, said in found for text in said.values() if ABSENCE[language].search(text)] == []


def test_what_is_not_shown_says_so_and_what_could_have_been_found(cases):
    language, _, found = cases
    words = {"bg": ("Това не доказва", "3,0 процентни пункта"), "en": ("This does not prove", "3.0 percentage points")}
    for case, _, said in found:
        if case[0] == "not_shown" and case[1] not in FAILED:
            assert [one for one in words[language] if one not in said["verdict"]] == [], (case, said["verdict"])


def test_a_change_that_nobody_was_compared_with_leads_to_no_measure(cases):
    language, _, found = cases
    for case, _, said in found:
        if case[3] == "change":
            assert GO_ON[language] not in said["advice"] and "да не бъдат продължавани" not in said["advice"], case


def test_no_p_value_is_zero_and_no_number_of_the_verdict_lacks_its_unit(cases):
    language, _, found = cases
    without_unit = {"bg": r"\d,\d+(?! процент| до |\d)", "en": r"\d\.\d+(?! percent| to |\d)"}
    for case, _, said in found:
        assert not re.search(r"p (=|<) 0[.,]0*(?!\d)", " ".join(said.values())), case
        bare = re.sub(r"p [=<] \d[.,]\d+", "", said["verdict"])
        assert re.findall(without_unit[language], bare) == [], (case, said["verdict"])
