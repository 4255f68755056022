"""Every promised result is answered from the results, or said not to be measured."""

import pytest

from analysis.files import results_table
from analysis.report.content_tables import make_table
from analysis.report.results import Results

EVERY = [f"E{number}" for number in range(1, 13)]


def cells(table):
    return {row.cells[0].text.split(".")[0]: [cell.text for cell in row.cells[1:]] for row in table.rows}


@pytest.mark.parametrize("language", ["bg", "en"])
def test_every_promised_result_has_a_row_with_data_or_the_honest_sentence(planted, report_of, language):
    rows = cells(make_table(report_of(planted("shown"), language).content, "tbl-expected"))
    assert list(rows) == EVERY and all(text for row in rows.values() for text in row)
    needs = {"bg": "необходими са", "en": "it would take"}[language]
    assert needs in rows["E12"][1] and rows["E12"][2] == "–"


def test_a_shown_effect_a_count_and_a_cost_are_told_with_how_sure_they_are(planted, report_of):
    rows = cells(make_table(report_of(planted("shown"), "en").content, "tbl-expected"))
    assert "effect found" in rows["E1"][1] and "under the assumptions" in rows["E1"][2]
    assert "number of people: 270" in rows["E9"][1] and "counted" in rows["E9"][2]
    assert "{.number" not in " ".join(text for row in rows.values() for text in row)


def test_with_no_results_at_all_nothing_is_claimed(report_of):
    table = make_table(report_of(Results(results_table([])), "en").content, "tbl-expected")
    assert all("not measured with the available data" in row[1] for row in cells(table).values())


def test_the_summary_says_the_same_in_short(planted, report_of):
    content = report_of(planted("not_shown"), "bg").content
    short, long = (cells(make_table(content, label)) for label in ("tbl-expected-short", "tbl-expected"))
    assert list(short) == EVERY and short["E1"][0] == long["E1"][1] and "не беше установен ефект" in short["E1"][0]
