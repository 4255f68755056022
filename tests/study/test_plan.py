"""A plan: what it may hold, its checksum, and how a study is held against it."""

from __future__ import annotations

import copy

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.files import project_root
from analysis.study import SettingsRefused, Study, load_study
from analysis.study.deviations import TOLD, Deviation
from analysis.study.plan_review import beside_plan, review

SHIPPED = yaml.safe_load((project_root() / "studies" / "card" / "study.yml").read_text(encoding="utf-8"))
OUTCOME = next(iter(SHIPPED["outcomes"]))
DESIGN = SHIPPED["outcomes"][OUTCOME]["design"]
KIND = SHIPPED["designs"][DESIGN]["kind"]
POPULATIONS = SHIPPED["outcomes"][OUTCOME]["populations"]
PLAN = {
    "registered": {"date": "2024-01-31"},
    "hypotheses": [{"id": "H1", "text": {"bg": "Да.", "en": "Yes."}, "outcomes": [OUTCOME]}],
    "designs": {DESIGN: {"kind": KIND}},
    "outcomes": {OUTCOME: {"role": "primary", "design": DESIGN, "populations": POPULATIONS}},
    "settings": {"inference.level": 0.05},
}


def planned(**changes: object) -> Study:
    """The shipped study with one outcome and a plan that fits it; ``changes``: dotted key with ``__`` -> value."""
    content = copy.deepcopy({**SHIPPED, "plan": PLAN})
    content["outcomes"] = {OUTCOME: {**SHIPPED["outcomes"][OUTCOME], "role": "primary"}}
    for key, value in changes.items():
        *parts, last = key.split("__")
        node = content
        for part in parts:
            node = node.setdefault(part, {})
        node[last] = value
    return Study.model_validate(content)


@pytest.fixture
def problems(tmp_path):
    """What is said of the shipped study with this plan when it is loaded from its folder."""

    def found(plan: dict) -> list[tuple[str, str, str]]:
        folder = tmp_path / "studies" / "card"
        folder.mkdir(parents=True, exist_ok=True)
        content = yaml.safe_dump({**SHIPPED, "plan": plan}, allow_unicode=True)
        (folder / "study.yml").write_text(content, encoding="utf-8")
        try:
            load_study("card", tmp_path)
        except SettingsRefused as refused:
            return refused.problems
        return []

    return found


def line(place: str, **cells: str) -> Deviation:
    words = {f"{part}_{language}": "words" for part in TOLD for language in ("bg", "en")} | cells
    return Deviation(place, words, tuple(name for name, told in words.items() if not told), "deviations.csv", 2)


def places(items) -> dict[str, str]:
    return {item.place: item.status for item in items}


def test_a_plan_that_holds_together_is_accepted_and_may_name_what_the_study_does_not_have(problems):
    assert problems(PLAN) == []
    more = {**PLAN["outcomes"], "never_done": PLAN["outcomes"][OUTCOME]}
    assert problems({**PLAN, "outcomes": more}) == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"hypotheses": PLAN["hypotheses"] * 2}, ("plan.hypotheses", "twice", "H1")),
        (
            {"hypotheses": [{**PLAN["hypotheses"][0], "outcomes": ["other"]}]},
            ("plan.hypotheses.0.outcomes", "wrong_choice", f"other: {OUTCOME}"),
        ),
        ({"designs": {DESIGN: {}}}, (f"plan.designs.{DESIGN}.kind", "missing_key", "")),
        (
            {"designs": {DESIGN: {"kind": KIND, "clustr": "x"}}},
            (f"plan.designs.{DESIGN}.clustr", "unknown_key", "cluster"),
        ),
        ({"designs": {"x": {"kind": KIND}}}, (f"plan.outcomes.{OUTCOME}.design", "wrong_choice", f"{DESIGN}: x")),
        ({"settings": {"inference.levl": 0.1}}, ("plan.settings.inference.levl", "unknown_key", "inference.level")),
        ({"settings": {"plan.registered": "x"}}, ("plan.settings.plan.registered", "unknown_key", "")),
    ],
)
def test_a_plan_that_contradicts_itself_is_refused_with_the_place(problems, change, problem):
    place, kind, detail = problem
    found = problems({**PLAN, **change})
    assert (place, kind) in {one[:2] for one in found}
    assert not detail or detail in {one[2] for one in found}


def test_an_unknown_key_of_a_plan_says_which_was_meant(problems):
    assert problems({**PLAN, "hypothesis": []}) == [("plan.hypothesis", "unknown_key", "hypotheses")]


def test_the_checksum_changes_with_the_promise_and_with_nothing_else():
    plan = planned().plan
    assert plan.sha256 == planned(inference__level=0.01).plan.sha256
    assert plan.sha256 == planned(plan__registered={"date": "2024-02-01"}).plan.sha256
    reordered = dict(reversed(PLAN.items()))
    assert plan.sha256 == planned(plan=reordered).plan.sha256
    assert plan.sha256 != planned(plan__settings={"inference.level": 0.1}).plan.sha256
    assert plan.sha256 != planned(plan__outcomes={**PLAN["outcomes"], "another": PLAN["outcomes"][OUTCOME]}).plan.sha256


def test_a_plan_that_was_changed_after_its_registration_is_known():
    right = {"date": "2024-01-31", "sha256": planned().plan.sha256}
    assert not planned(plan__registered=right).plan.was_changed
    changed = planned(plan__registered=right, plan__settings={"inference.level": 0.1})
    assert changed.plan.was_changed


def test_a_study_that_keeps_its_plan_has_no_difference():
    found = review(planned())
    assert found.items and not found.differences and not found.exploratory


def test_a_study_without_a_plan_has_nothing_to_be_held_against():
    study = planned(plan=None)
    assert review(study).items == () and beside_plan(study, OUTCOME, POPULATIONS[0]) == ""


def test_what_was_planned_and_is_not_in_the_study_is_not_done():
    promised = {**PLAN["outcomes"], "left_out": PLAN["outcomes"][OUTCOME]}
    found = review(planned(plan__outcomes=promised, plan__settings={"employment.months_after": 12}))
    assert places(found.differences) == {"outcomes.left_out": "not_done", "employment.months_after": "not_done"}


def test_a_declared_outcome_without_an_estimate_is_not_done():
    assert places(review(planned(), estimated=set()).differences) == {f"outcomes.{OUTCOME}": "not_done"}
    assert not review(planned(), estimated={(OUTCOME, one) for one in POPULATIONS}).differences


def test_another_level_design_or_threshold_is_done_otherwise_and_tells_both_values():
    other = {"kind": KIND, "draws": 99}
    found = review(planned(inference__level=0.1, plan__designs={DESIGN: other}))
    assert places(found.differences) == {"inference.level": "otherwise", f"designs.{DESIGN}.draws": "otherwise"}
    (level,) = [item for item in found.items if item.place == "inference.level"]
    assert (level.planned, level.done) == (0.05, 0.1)


def test_another_population_at_the_head_is_a_difference_and_one_more_is_exploratory():
    beyond = review(planned(**{f"outcomes__{OUTCOME}__populations": [*POPULATIONS, "more"]}))
    assert not beyond.differences
    assert places(beyond.exploratory) == {f"outcomes.{OUTCOME}.populations.more": "exploratory"}
    switched = review(planned(**{f"outcomes__{OUTCOME}__populations": ["more", *POPULATIONS]}))
    assert places(switched.differences) == {f"outcomes.{OUTCOME}.populations": "otherwise"}


def test_an_outcome_beyond_the_plan_is_exploratory_whatever_the_study_calls_it():
    study = planned(outcomes__beyond={**SHIPPED["outcomes"][OUTCOME], "role": "primary"})
    assert places(review(study).exploratory) == {"outcomes.beyond": "exploratory"}
    assert beside_plan(study, "beyond", POPULATIONS[0]) == "exploratory"
    assert beside_plan(study, OUTCOME, POPULATIONS[0]) == ""


def test_a_placebo_outcome_tests_the_design_and_is_no_exploration_of_the_project():
    study = planned(outcomes__control={**SHIPPED["outcomes"][OUTCOME], "role": "placebo"})
    assert not review(study).exploratory and beside_plan(study, "control", POPULATIONS[0]) == ""


def test_a_secondary_outcome_made_a_headline_is_told():
    study = planned(plan__outcomes={OUTCOME: {**PLAN["outcomes"][OUTCOME], "role": "secondary"}})
    assert places(review(study).differences) == {f"outcomes.{OUTCOME}.role": "otherwise"}
    assert beside_plan(study, OUTCOME, POPULATIONS[0]) == "promoted"


def test_the_order_of_covariates_is_no_deviation():
    plan = {"kind": KIND, "covariates": ["b", "a"]}
    study = planned(plan__designs={DESIGN: plan}, **{f"designs__{DESIGN}__covariates": ["a", "b"]})
    assert not review(study).differences


def test_a_line_explains_its_place_and_what_is_below_it_and_nothing_else():
    changed = planned(inference__level=0.1, **{f"outcomes__{OUTCOME}__role": "secondary"})
    assert len(review(changed).unexplained) == 2
    assert places(review(changed, [line("inference.level")]).unexplained) == {f"outcomes.{OUTCOME}.role": "otherwise"}
    assert places(review(changed, [line(f"outcomes.{OUTCOME}")]).unexplained) == {"inference.level": "otherwise"}
    for all_at_once in ("inference", "outcomes", "", f"outcomes.{OUTCOME}.rol"):
        assert len(review(changed, [line(all_at_once)]).unexplained) == 2


def test_a_line_without_a_reason_explains_nothing():
    changed = planned(inference__level=0.1)
    assert review(changed, [line("inference.level", why_bg="")]).unexplained


@given(
    level=st.sampled_from([0.01, 0.05, 0.1]),
    promised=st.sampled_from([0.01, 0.05, 0.1]),
    names=st.sets(st.sampled_from(["one", "two", "three", "four"]), min_size=1),
    done=st.sets(st.sampled_from(["one", "two", "three", "four"]), min_size=1),
)
@settings(max_examples=60, derandomize=True, deadline=None)
def test_everything_planned_or_done_is_accounted_for_exactly_once(level, promised, names, done):
    outcomes = {name: {**SHIPPED["outcomes"][OUTCOME], "role": "primary"} for name in sorted(done)}
    plan = {**PLAN, "hypotheses": [], "outcomes": dict.fromkeys(sorted(names), PLAN["outcomes"][OUTCOME])}
    study = planned(outcomes=outcomes, plan={**plan, "settings": {"inference.level": promised}}, inference__level=level)
    found = review(study)
    assert len({item.place for item in found.items}) == len(found.items)
    missing = {item.place for item in found.items if item.status == "not_done"}
    assert missing == {f"outcomes.{name}" for name in names - done}
    assert {item.place for item in found.exploratory} == {f"outcomes.{name}" for name in done - names}
    assert ("inference.level" in places(found.differences)) == (level != promised)
    explained = review(study, [line(item.place) for item in found.differences])
    assert not explained.unexplained and explained.differences == found.differences
