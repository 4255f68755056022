import pytest

from analysis.files import RESULT_COLUMNS, result_id, results_table

ROW = {
    "chapter": "education",
    "outcome": "dropout_a",
    "population": "at_risk",
    "design": "school_did",
    "measure": "event",
}


def test_ids_name_every_part_and_the_term():
    assert result_id(*ROW.values()) == "education/dropout_a/at_risk/school_did/event"
    assert result_id(*ROW.values(), "2019") == "education/dropout_a/at_risk/school_did/event/2019"
    assert result_id("data", "", "", "", "count", "rows") == "data/-/-/-/count/rows"


def test_a_table_has_every_column_typed():
    table = results_table([{**ROW, "term": 2019, "estimate": 1, "n": 3}])
    assert list(table.columns) == RESULT_COLUMNS
    assert table.loc[0, "result_id"].endswith("/2019")
    assert table["estimate"].dtype == "float64"
    assert table["n"].dtype == "Int64"
    assert table.loc[0, "note"] == ""


def test_unknown_columns_and_equal_ids_are_refused():
    with pytest.raises(ValueError, match="estimat"):
        results_table([{**ROW, "estimat": 1}])
    with pytest.raises(ValueError, match="one id"):
        results_table([ROW, ROW])
