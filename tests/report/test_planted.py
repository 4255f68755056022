"""Four planted worlds: the report says of each what was planted, and its numbers lead back to the results."""

from __future__ import annotations

import math
import re

import pandas as pd
import pytest

from analysis.report.build import write_companions
from analysis.report.tables import Table

WORLDS = ("shown", "not_shown", "inconclusive", "design_failed")
SPOKEN = {
    "bg": {
        "shown": ("Установен ефект (при приетите допускания).", "да бъдат продължени"),
        "not_shown": ("Не беше установен ефект", "да не бъдат разширявани"),
        "inconclusive": ("Нееднозначен резултат", "да бъде отложено"),
        "design_failed": ("не може да се тълкува като ефект на проекта", "да не се използва при вземане на решения"),
    },
    "en": {
        "shown": ("An effect is found (under the stated assumptions).", "Continue the measures"),
        "not_shown": ("No effect could be shown", "Do not widen the measures"),
        "inconclusive": ("The result is inconclusive", "Put off the decision"),
        "design_failed": ("cannot be read as an effect of the project", "Do not use the estimate"),
    },
}


def prose(items: list) -> str:
    return "\n".join(item for item in items if isinstance(item, str))


@pytest.mark.parametrize("language", ["bg", "en"])
@pytest.mark.parametrize("world", WORLDS)
def test_summary_and_conclusions_say_what_was_planted_and_nothing_else(worlds, world, language):
    chapters = worlds[world, language][1]
    for name in ("summary", "conclusions"):
        text = prose(chapters[name])
        for other, phrases in SPOKEN[language].items():
            # the summary explains what the verdicts mean, so only sentences about results are counted
            results = [line for line in text.splitlines() if line.startswith("- ")]
            for phrase in phrases:
                assert any(phrase in line for line in results) == (other == world), (name, other, phrase)


@pytest.mark.parametrize("language", ["bg", "en"])
@pytest.mark.parametrize("chapter", ["summary", "education", "employment", "robustness", "criteria", "conclusions"])
def test_no_two_worlds_read_alike(worlds, chapter, language):
    texts = {prose(worlds[world, language][1][chapter]) for world in WORLDS}
    assert len(texts) == len(WORLDS)


def test_only_the_failed_world_speaks_of_failed_checks(worlds):
    for world in WORLDS:
        text = prose(worlds[world, "bg"][1]["education"])
        assert ("Неиздържана проверка" in text) == (world == "design_failed")
        assert ("Предпоставката за паралелни тенденции не е изпълнена" in text) == (world == "design_failed")


def test_the_naive_figure_stands_in_every_world_and_is_no_effect(worlds):
    for world in WORLDS:
        text = prose(worlds[world, "bg"][1]["education"])
        assert text.count("не е оценка на ефекта") == 2  # one a headline outcome


def test_the_tally_counts_the_headlines(worlds):
    assert (
        "Разгледани са 4\u00a0резултата по основните показатели: при 4 е установен ефект (при приетите допускания)."
    ) in prose(worlds["shown", "bg"][1]["summary"])


@pytest.mark.parametrize("language", ["bg", "en"])
@pytest.mark.parametrize("world", WORLDS)
def test_every_printed_number_leads_back_to_its_result(worlds, world, language):
    report, _ = worlds[world, language]
    results = report.content.results.table.set_index("result_id")
    numbers = report.content.ledger.table()
    from_results = numbers[numbers["source"] == "results"]
    assert len(from_results) > 500
    for entry in from_results.itertuples():
        cell = results.at[entry.result_id, entry.field]
        assert float(entry.value) == float(cell) or math.isnan(float(cell))
        assert digits_agree(entry.printed, float(cell), language), entry


def digits_agree(printed: str, value: float, language: str) -> bool:
    """The printed digits are the value's, as they are or as a percentage, to the printed decimal."""
    bare = re.sub(r"[\s\u00a0%<+\u2212]", "", printed)
    bare = bare.replace(",", ".") if language == "bg" else bare.replace(",", "")
    decimals = len(bare.partition(".")[2])
    close = 0.5 * 10**-decimals * (1 + 1e-9)
    return printed.startswith("<") or any(abs(abs(v) - float(bare)) <= close for v in (value, 100 * value))


def test_declared_numbers_name_their_setting(worlds):
    report, _ = worlds["shown", "bg"]
    numbers = report.content.ledger.table()
    settings = numbers[numbers["source"] == "settings"]
    assert set(settings["result_id"]) == {""} and (settings["field"].str.len() > 0).all()
    assert {"project.start", "data_cut_off", "project.contracts.*.total_bgn"} <= set(settings["field"])


@pytest.mark.parametrize("world", WORLDS)
def test_both_languages_print_the_same_results(worlds, world):
    where = ["chapter", "exhibit", "result_id", "field"]
    printed = [
        set(worlds[world, language][0].content.ledger.table()[where].itertuples(index=False, name=None))
        for language in ("bg", "en")
    ]
    assert printed[0] == printed[1]


def test_spans_in_prose_are_in_the_ledger(worlds):
    report, chapters = worlds["shown", "bg"]
    numbers = report.content.ledger.table()
    known = set(zip(numbers["result_id"], numbers["printed"], strict=True))
    spans = re.findall(r'\[([^\]]+)\]\{\.number data-result="([^"]+)"\}', "".join(map(prose, chapters.values())))
    assert len(spans) > 60 and {(result, text) for text, result in spans} <= known


def test_a_changed_result_changes_the_text(worlds, planted, report_of):
    results = planted("shown")
    row = results.table["result_id"] == "education/dropout_a/at_risk/school_did/effect"
    results.table.loc[row, "estimate"] = -0.0777
    text = prose(report_of(results, "bg").render("summary"))
    assert "със [7,8]" in text and "със [7,8]" not in prose(worlds["shown", "bg"][1]["summary"])


def test_companions_are_written_and_repeat_to_the_byte(planted, report_of, tmp_path):
    from dataclasses import replace

    folders = []
    for run in ("a", "b"):
        report = report_of(planted("shown"), "bg")
        workspace = replace(report.content.workspace, root=tmp_path / run)
        object.__setattr__(report.content, "workspace", replace(report.content.workspace))
        shown = [item for name in ("summary", "data_and_methods") for item in report.render(name)]
        object.__setattr__(report.content, "workspace", workspace)
        write_companions(report, shown)
        folders.append(workspace.reports / "bg")
    for name in ("results.csv", "numbers.csv", "tables.xlsx"):
        assert (folders[0] / name).read_bytes() == (folders[1] / name).read_bytes()
    numbers, results = (pd.read_csv(folders[0] / name) for name in ("numbers.csv", "results.csv"))
    assert set(numbers.loc[numbers["source"] == "results", "result_id"]) <= set(results["result_id"])
    assert sum(isinstance(item, Table) for item in shown) >= 4


def test_an_effect_that_does_not_last_is_not_called_lasting(planted, report_of):
    results = planted("shown")
    later = results.table["measure"] == "after_exit"
    results.table.loc[later, ["verdict", "ci_low"]] = pd.DataFrame(
        {"verdict": "not_shown", "ci_low": -0.1}, index=later[later].index
    )
    chapters = {name: prose(report_of(results, "bg").render(name)) for name in ("summary", "conclusions")}
    for text in chapters.values():
        assert text.count("След напускане на операцията обаче не беше установен ефект в същата посока.") == 2
        assert "да не бъдат разширявани, преди да се потвърди" in text


def test_an_effect_that_lasts_for_a_while_is_said_to_last_so_long_and_no_longer(planted, report_of):
    results = planted("shown")
    last = (results.table["measure"] == "after_exit") & (results.table["term"] == "12")
    results.table.loc[last, "verdict"] = "not_shown"
    text = prose(report_of(results, "en").render("summary"))
    sentence = (
        "found 6 months after leaving the operation, but none could be shown 12 months after leaving the operation."
    )
    assert text.count(sentence) == 2 and "An effect is shown after leaving the operation too." not in text
    assert "Do not widen the measures to raise employment" in text


def test_a_missing_lock_in_is_not_claimed_without_saying_what_the_outcome_counts(planted, report_of):
    results = planted("shown")
    row = results.table["result_id"] == "employment/employed/participants/participants_aipw/lock_in"
    results.table.loc[row, ["estimate", "band_high"]] = [0.02, 0.05]
    text = prose(report_of(results, "en").render("employment"))
    (line,) = [line for line in text.splitlines() if "no sign of a lock-in effect" in line]
    assert "The outcome includes the jobs that the project subsidises" in line


def test_an_effect_lost_without_the_pandemic_years_is_said_to_be_fragile(planted, report_of):
    results = planted("shown")
    rows = results.table["measure"] == "effect_without_pandemic"
    results.table.loc[rows, "verdict"] = "not_shown"
    text = prose(report_of(results, "en").render("summary"))
    sentence = "The conclusion is not robust: without the pandemic years no effect in the same direction is shown"
    assert text.count(sentence) == 2
    assert "Do not widen the measures to lower school dropout and to lower absences from school before" in text


def test_subsidised_jobs_are_named_where_employment_is_shown(worlds):
    sentence = "Показателят включва и работните места, субсидирани от проекта"
    assert prose(worlds["shown", "bg"][1]["summary"]).count(sentence) == 1
    assert sentence not in prose(worlds["not_shown", "bg"][1]["summary"])


@pytest.mark.parametrize(
    ("estimate", "band_high", "words"),
    [(-0.06, -0.01, "оценките сочат ефект"), (-0.06, 0.01, "не беше установен"), (0.02, 0.05, "не се наблюдава")],
)
def test_lock_in_is_judged_by_the_band(planted, report_of, estimate, band_high, words):
    results = planted("shown")
    row = results.table["result_id"] == "employment/employed/participants/participants_aipw/lock_in"
    results.table.loc[row, ["estimate", "band_high"]] = [estimate, band_high]
    text = prose(report_of(results, "bg").render("employment"))
    assert any(words in line and "„заключване“" in line for line in text.splitlines())
