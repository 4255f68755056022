"""The tables: what stands in them is what the results hold."""

from __future__ import annotations

import pytest

from analysis.files import results_table
from analysis.report.content_tables import TABLES, make_table
from analysis.report.results import Results


@pytest.fixture
def content(planted, report_of):
    return report_of(planted("shown"), "bg").content


def column(table, number):
    return [row.cells[number].text for row in table.rows if row.kind != "group"]


SETTINGS = {"tbl-contracts", "tbl-outcomes", "tbl-key-results", "tbl-expected", "tbl-expected-short"}  # always made
SETTINGS |= {"tbl-hypotheses", "tbl-plan", "tbl-deviations"}
OWN = {"tbl-other", "tbl-published", "tbl-lot-balance"}  # of studies with outcomes of their own: test_other_chapter
OWN |= {f"tbl-{name}" for name in ("trend-bounds", "single-units", "placebo-outcomes", "subgroups", "families")}
# ^ test_design_doubts
OWN |= {"tbl-arms", "tbl-missing"}  # test_several_arms, test_missing
OWN |= {"tbl-alternatives", "tbl-unrecorded", "tbl-calibration", "tbl-compared"}  # test_sensitivity_tables


@pytest.mark.parametrize("label", sorted(set(TABLES) - OWN))
@pytest.mark.parametrize("language", ["bg", "en"])
def test_every_table_is_made_from_full_results(planted, report_of, label, language):
    arguments = {"outcome": "dropout_a"} if label == "tbl-variants" else {}
    table = make_table(report_of(planted("shown"), language).content, label, **arguments)
    assert table is not None and table.rows and table.caption


@pytest.mark.parametrize("label", sorted(set(TABLES) - SETTINGS))
def test_no_table_is_made_from_nothing(report_of, label):
    arguments = {"outcome": "dropout_a"} if label == "tbl-variants" else {}
    assert make_table(report_of(Results(results_table([])), "bg").content, label, **arguments) is None


def test_key_results_keep_outcomes_without_an_estimate(report_of):
    table = make_table(report_of(Results(results_table([])), "bg").content, "tbl-key-results")
    assert set(column(table, 5)) == {"няма данни"} and set(column(table, 1)) == {"–"}


def test_rows_read_are_accepted_plus_quarantined(content):
    for row in make_table(content, "tbl-rows").rows:
        _, _, read, accepted, quarantined = (cell.number for cell in row.cells)
        assert read == accepted + quarantined


def test_contracts_add_up_and_are_converted_at_the_fixed_rate(content):
    table = make_table(content, "tbl-contracts")
    one, two, levs, euros = ([cell.number for cell in row.cells[3:]] for row in table.rows)
    assert [a + b for a, b in zip(one, two, strict=True)] == pytest.approx(levs)
    assert levs[0] == pytest.approx(1589860.38) and euros[0] == pytest.approx(812882.70, abs=0.005)


def test_hidden_counts_say_so(content):
    table = make_table(content, "tbl-participants")
    (hidden,) = [row for row in table.rows if row.cells[0].text == "Неактивни"]
    assert [cell.text for cell in hidden.cells[1:]] == ["(скрито)", "(скрито)"]


def test_participants_are_the_complete_and_the_incomplete_records(content):
    table = make_table(content, "tbl-participants")
    total, complete, incomplete = ([cell.number for cell in row.cells[1:]] for row in table.rows[:3])
    assert [row.cells[0].text for row in table.rows[:3]] == ["Общо", "от тях с пълни записи", "от тях с непълни записи"]
    assert [a + b for a, b in zip(complete, incomplete, strict=True)] == total == [320, 420]


def test_naive_figures_are_marked_where_they_stand(content):
    for label, arguments in (("tbl-variants", {"outcome": "dropout_a"}), ("tbl-employment", {})):
        table = make_table(content, label, **arguments)
        naive = [row.cells[0].text for row in table.rows if "преди – след" in row.cells[0].text]
        assert naive and all("не е ефект" in name for name in naive)


def test_no_two_headings_of_the_employment_table_say_the_same(content):
    """Each group of people has its own: the table was once headed by the outcome alone, three times."""
    headings = [row.cells[0].text for row in make_table(content, "tbl-employment").rows if row.kind == "group"]
    assert len(set(headings)) == len(headings) and any("участници" in heading for heading in headings)


def test_the_headline_table_holds_both_p_values_and_the_sizes(content):
    table = make_table(content, "tbl-education")
    dropout = dict(zip(column(table, 0), column(table, 1), strict=True))
    assert dropout["Оценка"] == "−2,8" and dropout["Очаквано без проекта"] == "7,1\u00a0%"
    assert (dropout["p, бутстрап"], dropout["p, рандомизация"]) == ("0,004", "0,011")
    assert dropout["Училища (по проекта)"] == "24 (6)"
    assert dropout["Извод"] == "установен ефект (при приетите допускания)"


def test_categories_of_a_covariate_are_named(content):
    assert "тримесечие на включване: първо тримесечие на 2022 г." in column(make_table(content, "tbl-balance"), 0)


def test_diagnostics_that_outcomes_repeat_stand_once(content):
    assert len(make_table(content, "tbl-balance").rows) == 3 and len(make_table(content, "tbl-overlap").rows) == 2


def test_findings_name_rule_and_treatment(content):
    source, row = make_table(content, "tbl-findings").rows
    rule, treatment, cases, files = (cell.text for cell in row.cells)
    assert source.cells[0].text == "Списъци на учениците (НЕИСПУО)"
    assert treatment == "отделен ред" and (cases, files) == ("21", "2")
    assert rule == "Редът повтаря ред … от файл … Запазен е първият."


def test_a_changed_estimate_moves_its_cell(planted, report_of):
    results = planted("shown")
    results.table.loc[results.table["measure"] == "effect", "estimate"] = -0.05
    assert column(make_table(report_of(results, "bg").content, "tbl-key-results"), 1)[0] == "−5,0"


def test_a_year_in_which_nobody_could_be_judged_is_not_among_the_pupils_at_risk(content):
    table = make_table(content, "tbl-pupils")
    assert column(table, 0)[0] == "2017/18" and column(table, 3)[0] == "25,0\u00a0%"
    assert [cell.text for cell in table.rows[0].cells[5:]] == ["–", "–"]
    assert table.rows[-1].cells[5].text == "70,0\u00a0%"


def test_those_compared_and_those_left_out_add_up(content):
    table = make_table(content, "tbl-selection")
    everybody, compared, not_eligible = ([cell.number for cell in row.cells[1:]] for row in table.rows)
    assert everybody == [a + b for a, b in zip(compared, not_eligible, strict=True)]
