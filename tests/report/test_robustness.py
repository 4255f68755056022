"""What a referee asks of a headline, in the report: figures, tables and sentences in both languages."""

import matplotlib.pyplot as plt
import pytest

from analysis.files import results_table
from analysis.report.content_figures import make_figure
from analysis.report.content_tables import make_table
from analysis.report.dose import dose_sentences
from analysis.report.headlines import Headline
from analysis.report.results import Results
from analysis.report.specifications import specification_sentences
from analysis.report.spill_over import spill_over_sentences

HEAD = {
    "chapter": "education",
    "outcome": "dropout_a",
    "population": "at_risk",
    "design": "school_did",
    "unit": "share",
}
SIZE = {"n": 900, "n_treated": 300, "clusters": 24, "clusters_treated": 6}


def row(measure, term, estimate, **more):
    return {**HEAD, **SIZE, "measure": measure, "term": term, "estimate": estimate, **more}


def curve(state="pass", agreeing=1.0, refused=0, answer=1.0):
    """The rows of a headline with four specifications."""
    effect = row("effect", "", -0.03, ci_low=-0.05, ci_high=-0.01, verdict="shown", checks=f"specifications:{state}")
    terms = [f"excluded_times={a},leave_out={b}" for a in ("as_declared", "x") for b in ("as_declared", "repeaters")]
    rows = [row("specification", terms[place], -0.03 - 0.01 * place, ci_low=-0.07, ci_high=-0.01) for place in range(4)]
    for place in range(refused):
        rows[3 - place] = {**HEAD, "measure": "specification", "term": terms[3 - place], "note": "refused=no_rows"}
    agree = "pass" if agreeing >= 0.9 else "doubt"
    counts = {"declared": (4, "count"), "refused": (refused, "count"), "same_sign": (1.0, "share")}
    counts |= {"same_answer": (answer, "share"), "agreeing": (agreeing, "share")}
    for term, (value, unit) in counts.items():
        checks = f"specifications:{agree}" if term == "agreeing" else ""
        counted = {**HEAD, "measure": "specifications", "term": term, "unit": unit, "estimate": value}
        rows.append({**counted, "checks": checks})
    rows += [{**HEAD, "measure": "specification_range", "term": "median", "estimate": -0.045}]
    rows += [{**HEAD, "measure": "specification_range", "term": "lowest", "estimate": -0.06}]
    rows += [{**HEAD, "measure": "specification_range", "term": "highest", "estimate": -0.03}]
    return Results(results_table([effect, *rows]))


def said(report_of, results, language, say=specification_sentences):
    content = report_of(results, language).content
    (effect,) = results.all(measure="effect")
    return say(content, Headline("dropout_a", "at_risk", effect))


CONCLUSIONS = {
    "pass": (curve(), "не зависи от тези избори", "does not hang on these choices"),
    "doubt": (curve("doubt", 0.75), "Част от изборите водят до друг извод", "Some of the choices lead to another"),
    "fail": (curve("fail", 0.25), "не може да се чете като ефект", "cannot be read as an effect"),
    "lacking": (curve("doubt", 1.0, refused=2), "твърде много не могат", "too many could not be"),
    "unspoken": (curve("doubt", float("nan"), answer=float("nan")), "толкова малко групи", "so few clusters"),
}


@pytest.mark.parametrize("name", sorted(CONCLUSIONS))
def test_the_conclusion_on_other_choices_follows_the_check(report_of, name):
    results, bulgarian, english = CONCLUSIONS[name]
    assert bulgarian in said(report_of, results, "bg") and english in said(report_of, results, "en")


def test_the_numbers_are_told_and_what_could_not_be_estimated_is_named(report_of):
    words = said(report_of, curve("doubt", 1.0, refused=2), "en")
    assert "[4]" in words and "100.0%" in words and "−4.5" in words
    assert "(number: [2]" in words and "times left out: x, without: pupils who repeat the grade" in words


def test_nothing_is_said_without_a_curve(report_of):
    results = Results(results_table([row("effect", "", -0.03, verdict="shown", checks="pretrend:pass")]))
    assert said(report_of, results, "bg") == ""


@pytest.mark.parametrize("language", ["bg", "en"])
def test_the_figure_draws_every_specification_and_every_choice(report_of, language):
    content = report_of(curve(refused=1), language).content
    made = make_figure(content, "fig-specifications", outcome="dropout_a")
    above, below = made.figure.axes
    drawn = sorted(float(y) for line in above.lines for y in line.get_ydata() if len(line.get_xdata()) and y)
    assert drawn == pytest.approx([-5, -4, -3])
    dotted = [line for line in below.lines if line.get_marker() == "o"]
    dots = [(int(x), int(y)) for line in dotted for x, y in zip(*line.get_data(), strict=True)]
    assert sorted(dots) == [(1, 1), (1, 2), (2, 0), (2, 3), (3, 0), (3, 2)]
    names = [label.get_text() for label in below.get_yticklabels()]
    assert names[3] == {"bg": "без: повтарящите класа", "en": "without: pupils who repeat the grade"}[language]
    assert len(made.data) == 3 and made.alt.endswith(".")
    plt.close("all")


def test_the_table_counts_them(report_of):
    table = make_table(report_of(curve(agreeing=0.75), "bg").content, "tbl-specifications")
    shown = {line.cells[0].text: line.cells[1].text for line in table.rows if len(line.cells) > 1}
    assert shown["Комбинации на избори"] == "4" and shown["Медиана на оценките, пр.п."] == "−4,5"
    assert shown["Дял, който води до извода на основната оценка"] == "75,0\u00a0%"


OTHERS = {"untouched": (0.002, -0.02, 0.024), "touched": (-0.03, -0.05, -0.01)}
SPILLED = {
    "untouched": ("не е установена промяна", "no change is shown"),
    "touched": ("остава под съмнение", "remains in doubt"),
    "refused": ("не може да бъде проверено", "cannot be checked"),
    "few": ("при толкова малко училища", "with so few schools"),
    "suppressed": ("скрита", "is hidden"),
}


def of_others(name):
    """The rows of a headline and of those who never take part."""
    effect = row("effect", "", -0.03, ci_low=-0.05, ci_high=-0.01, verdict="shown", checks="pretrend:pass")
    if name in OTHERS:
        estimate, low, high = OTHERS[name]
        other = row("spill_over", "", estimate, ci_low=low, ci_high=high, mde=0.031)
    else:
        notes = {"refused": "refused=outcome_ends_presence;outcome=dropout_a", "suppressed": "suppressed", "few": ""}
        other = row("spill_over", "", 0.01 if name == "few" else float("nan"), note=notes[name])
    return Results(results_table([effect, other]))


@pytest.mark.parametrize("name", sorted(SPILLED))
def test_what_is_said_of_those_who_never_take_part(report_of, name):
    for language, expected in zip(("bg", "en"), SPILLED[name], strict=True):
        words = said(report_of, of_others(name), language, spill_over_sentences)
        assert expected in words and {"bg": "на един участник", "en": "per participant"}[language] in words
        assert "dropout_a\u201c" not in words and "'dropout_a'" not in words


def test_the_detectable_change_stands_beside_one_that_is_not_shown(report_of):
    assert "[3.1]" in said(report_of, of_others("untouched"), "en", spill_over_sentences)


@pytest.mark.parametrize(("state", "doubted"), [("pass", False), ("doubt", True)])
def test_an_effect_per_participant_in_doubt_is_worded_so(report_of, state, doubted):
    numbers = {"ci_low": -0.05, "ci_high": -0.01, "checks": f"spill_over:{state}"}
    results = Results(results_table([row("effect_participants", "", -0.03, **numbers)]))
    (found,) = results.all(measure="effect_participants")
    words = {
        language: report_of(results, language).content.wording.per_participant(found, None) for language in ("bg", "en")
    }
    assert ("остава под съмнение" in words["bg"]) is doubted and ("remains in doubt" in words["en"]) is doubted


def of_dose(low, high, state="pass", note="dose=chosen", refused=False):
    """The rows of a headline on absences with two bands and their trend."""
    own = {"outcome": "total_abs", "unit": "hours"}
    effect = row("effect", "", -3.0, ci_low=-5, ci_high=-1, verdict="shown", checks=f"dose_trend:{state}", **own)
    bands = [row("dose", term, -1.0 - place, ci_low=-5, ci_high=4, **own) for place, term in enumerate(("0-7", "7+"))]
    trend = row("dose_trend", "", (low + high) / 2, ci_low=low, ci_high=high, note=note, **own)
    if refused:
        bands = [{**row("dose", "", float("nan"), **own), "note": "refused=no_dose;column=months_taking_part"}]
    return Results(results_table([effect, *bands, *([] if refused else [{**trend, "checks": f"dose_trend:{state}"}])]))


DOSES = {
    "follows": (of_dose(-0.9, -0.1), "оценката се променя с [−0,5]", "the estimate changes by [−0.5]"),
    "flat": (of_dose(-0.9, 0.3), "Не е установено оценката да се променя", "is not shown to change with the dose"),
    "doubt": (of_dose(0.1, 0.9, "doubt"), "не съответства на основната оценка", "does not fit the headline"),
    "fail": (
        of_dose(0.1, 0.9, "fail", "dose=assigned"),
        "не може да се чете като ефект",
        "cannot be read as an effect",
    ),
    "untested": (of_dose(float("nan"), float("nan"), "doubt"), "не може да бъде проверено", "cannot be tested"),
    "refused": (of_dose(0, 0, refused=True), "не може да бъде направена", "cannot be estimated"),
}


def said_of_dose(report_of, results, language):
    (effect,) = results.all(measure="effect")
    return dose_sentences(report_of(results, language).content, Headline("total_abs", "at_risk", effect))


@pytest.mark.parametrize("name", sorted(DOSES))
def test_what_is_said_of_the_dose(report_of, name):
    results, bulgarian, english = DOSES[name]
    assert bulgarian in said_of_dose(report_of, results, "bg") and english in said_of_dose(report_of, results, "en")


def test_a_chosen_dose_is_never_called_a_cause_and_one_by_lot_may_be(report_of):
    chosen, drawn = of_dose(-0.9, -0.1), of_dose(-0.9, -0.1, note="dose=assigned")
    assert "не са ефект на по-голям обем" in said_of_dose(report_of, chosen, "bg")
    assert "are not an effect of a higher dose" in said_of_dose(report_of, chosen, "en")
    assert "могат да се четат като ефект на обема" in said_of_dose(report_of, drawn, "bg")
    assert "can be read as an effect of the dose" in said_of_dose(report_of, drawn, "en")


def test_the_bands_are_told_in_words(report_of):
    assert "до 7 – [−1,0]" in said_of_dose(report_of, of_dose(-0.9, -0.1), "bg")
    assert "above 7 – [−2.0]" in said_of_dose(report_of, of_dose(-0.9, -0.1), "en")


def test_the_tables_of_dose_and_of_those_who_never_take_part(report_of):
    dose = make_table(report_of(of_dose(-0.9, -0.1), "bg").content, "tbl-dose")
    assert [line.cells[0].text for line in dose.rows][1:3] == ["до 7, часа на месец", "над 7, часа на месец"]
    others = make_table(report_of(of_others("touched"), "en").content, "tbl-spill-over")
    assert others.rows[-1].cells[1].text == "−3.0" and "never take part" in others.rows[-1].cells[0].text
