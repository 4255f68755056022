"""The plan in the report: what it declares, how far it was kept, what lies beyond it, in both languages."""

from __future__ import annotations

import datetime as dt

import pytest

from analysis.files import Workspace, results_table
from analysis.report.chapters import Report
from analysis.report.content import Content
from analysis.report.content_tables import make_table
from analysis.report.results import Results
from analysis.study import load_study
from analysis.study.deviations import Deviation
from analysis.study.plan_review import review

LANGUAGES = ("bg", "en")


@pytest.fixture(scope="module")
def demonstration():
    return load_study("haskovo-demo")


@pytest.fixture
def content_of(demonstration):
    """The demonstration's content in a language without results, its settings changed: dotted key -> value."""

    def made(language: str, changes: dict | None = None, study=demonstration) -> Content:
        for place, value in (changes or {}).items():
            study = with_setting(study, place.split("."), value)
        return Content.of(study, language, Workspace.of("haskovo-demo"), Results(results_table([])))

    return made


def with_setting(node, parts: list[str], value: object):
    first, *rest = parts
    if isinstance(node, dict):
        return {**node, first: with_setting(node[first], rest, value) if rest else value}
    return node.model_copy(update={first: with_setting(getattr(node, first), rest, value) if rest else value})


def rows_of(content: Content, label: str) -> list[list[str]]:
    table = make_table(content, label)
    assert table is not None
    return [[cell.text for cell in row.cells] for row in table.rows]


def methods(content: Content) -> str:
    return "\n".join(item for item in Report(content).render("data_and_methods") if isinstance(item, str))


@pytest.mark.parametrize(
    ("language", "counts", "deviations", "beyond"),
    [
        ("bg", "3 хипотези и 17 показателя, от които 4 основни", "Има 1 отклонение от плана и то е", "е 1 анализ;"),
        ("en", "3 hypotheses and 17 outcomes, of which 4 primary", "There is 1 deviation from the plan", "1 analysis"),
    ],
)
def test_the_methods_say_what_was_planned_and_how_far_it_was_kept(content_of, language, counts, deviations, beyond):
    told = methods(content_of(language)).replace("\u00a0", " ")
    assert counts in told and deviations in told and beyond in told
    assert ("20.09.2021 г." if language == "bg" else "20 September 2021") in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_prints_the_beginning_of_the_plans_checksum(content_of, demonstration, language):
    assert f"`{demonstration.plan.sha256[:12]}`" in methods(content_of(language))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("bg", "всички анализи следва да се четат като проучвателни"),
        ("en", "all analyses are to be read as exploratory"),
    ],
)
def test_a_study_without_a_plan_says_so_and_marks_nothing(content_of, language, words):
    content = content_of(language, {"plan": None})
    assert words in methods(content)
    assert make_table(content, "tbl-plan") is None and make_table(content, "tbl-hypotheses") is None
    assert content.name("survey_informed", "majority").endswith(content.labels.population("majority"))
    assert "(" not in content.title("survey_informed", "short")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_plan_made_after_the_data_and_one_that_was_changed_are_told(content_of, language):
    late = {"plan.registered.date": dt.date(2030, 1, 1), "plan.registered.sha256": "0" * 64}
    content = content_of(language, late)
    told = methods(content)
    assert content.text("plan.late", cut_off=content.values.fact("data_cut_off")) in told
    assert content.text("plan.changed") in told
    assert content.text("plan.changed") not in methods(content_of(language))


@pytest.mark.parametrize(
    ("language", "planned", "done", "state"),
    [("bg", "3,5", "3,75", "отклонение, обяснено"), ("en", "3.5", "3.75", "deviation, explained")],
)
def test_a_changed_threshold_stands_with_both_values_and_its_line(content_of, language, planned, done, state):
    content = content_of(language)
    name = content.text("plan.places.education.at_risk.gpa_below")
    assert [name, planned, done, state] in rows_of(content, "tbl-plan")
    (line,) = [row for row in rows_of(content, "tbl-deviations") if row[0] == name]
    assert planned in line[1] and done in line[1] and all(len(words) > 20 for words in line[1:])


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_unexplained_difference_is_counted_and_marked(content_of, language):
    content = content_of(language, {"inference.level": 0.01, "outcomes.dropout_a.role": "secondary"})
    states = {row[0]: row[-1] for row in rows_of(content, "tbl-plan") if len(row) == 4}
    unexplained = content.text("plan.state.otherwise_unexplained")
    assert states[content.text("plan.places.inference.level")] == unexplained
    role = content.text("plan.part", name=content.labels.outcome("dropout_a"), part=content.text("plan.parts.role"))
    assert states[role] == unexplained
    assert content.text("plan.unexplained", count=3, unexplained="2") in methods(content)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_planned_and_left_out_stands_in_the_table(content_of, demonstration, language):
    kept = {name: one for name, one in demonstration.outcomes.items() if name != "dropout_b"}
    content = content_of(language, {"outcomes": kept})
    row = [content.labels.outcome("dropout_b"), content.text("labels.roles.secondary"), "–"]
    assert [*row, content.text("plan.state.not_done_unexplained")] in rows_of(content, "tbl-plan")


@pytest.mark.parametrize(("language", "word"), [("bg", "проучвателен анализ"), ("en", "exploratory")])
def test_a_headline_beyond_the_plan_is_labelled_where_it_is_listed(content_of, language, word):
    content = content_of(language, {"outcomes.survey_informed.role": "primary"})
    (name,) = [row[0] for row in rows_of(content, "tbl-key-results") if word in row[0]]
    assert name.startswith(content.labels.outcome("survey_informed", "short"))
    (listed,) = [row for row in rows_of(content, "tbl-outcomes") if row[0] == content.labels.outcome("survey_informed")]
    assert listed[1] == content.text("labels.roles.exploratory")
    summary = "\n".join(item for item in Report(content).render("summary") if isinstance(item, str))
    assert summary.count(content.text("plan.caveat.exploratory")) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_secondary_outcome_made_a_headline_is_labelled(content_of, language):
    content = content_of(language, {"outcomes.dropout_c.role": "primary"})
    assert content.text("plan.mark.promoted", name="x")[1:] in content.name("dropout_c", "at_risk")
    (head,) = [one for one in content.headlines("education") if one.outcome == "dropout_c"]
    assert content.text("plan.caveat.promoted") in content.caveats.sentences(head)


def test_a_hypothesis_is_judged_by_the_verdicts_on_its_outcomes(planted, report_of):
    content = report_of(planted("shown"), "en").content
    first = rows_of(content, "tbl-hypotheses")[0]
    assert first[0].startswith("H1. ") and first[1].splitlines()[0].startswith("Dropout (main): −2.8 pp – effect found")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_line_about_nothing_is_shown_as_what_it_is(content_of, demonstration, language):
    from dataclasses import replace

    words = {f"{part}_{language}": part for part in ("what", "why")}
    line = Deviation("inference.level", words, (f"effect_{language}",), "deviations.csv", 2)
    content = replace(content_of(language), review=review(demonstration, [line]))
    level = content.text("plan.places.inference.level")
    assert rows_of(content, "tbl-deviations") == [
        [content.text("plan.without_difference", place=level), "what", "why", "–"]
    ]


def test_no_recommendation_and_no_count_rests_on_what_lies_beyond_the_plan(planted, report_of, demonstration):
    from analysis.report.phrases import Phrases

    shown = report_of(planted("shown"), "en").content
    study = with_setting(demonstration, ["outcomes", "survey_informed", "role"], "primary")
    content = Content.of(study, "en", shown.workspace, shown.results)
    phrases = Phrases(content, "summary")
    listed = {head.outcome for head in phrases.all_headlines()}
    planned = {head.outcome for head in phrases.planned_headlines()}
    assert listed - planned == {"survey_informed"}
    assert phrases.recommendations() == Phrases(shown, "summary").recommendations()
    summary = "\n".join(item for item in Report(content).render("summary") if isinstance(item, str))
    assert "Of 4\u00a0headline results" in summary
