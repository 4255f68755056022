"""The figures of durations, synthetic controls, thresholds and pooling, for a study declared by settings alone."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from analysis.disclosure import protect
from analysis.effects import estimate_chapter
from analysis.files import Workspace, results_table
from analysis.report.chapters import Report
from analysis.report.content import Content, FigureExhibit
from analysis.report.content_figures import OF_A_DESIGN, figures_of, make_figure
from analysis.report.results import Results
from analysis.report.style import png_bytes, svg_text
from analysis.study import load_study
from analysis.study.base import Bilingual
from analysis.study.design_settings import Discontinuity
from analysis.study.duration_settings import Duration
from analysis.study.settings import Outcome
from analysis.study.synthetic_settings import SyntheticControl

OUTCOMES = {
    "fig-survival": "first_job", "fig-path": "rate", "fig-placebos": "rate", "fig-threshold": "grade",
    "fig-windows": "grade", "fig-forest": "first_job",
}  # fmt: skip
NAMES = {
    "first_job": ("Време до първа работа без субсидия", "Time to first unsubsidised job"),
    "rate": ("Дял на отпадналите ученици", "Share of pupils who dropped out"),
    "grade": ("Успех на изпита", "Exam grade"), "score": ("Точки при кандидатстване", "Points at application"),
    "young": ("Хора до 29 г.", "People up to 29"), "middle": ("Хора от 30 до 54 г.", "People from 30 to 54"),
    "old": ("Хора над 54 г. с основно или по-ниско образование", "People over 54 with lower secondary education"),
}  # fmt: skip


def tables() -> dict[str, pd.DataFrame]:
    rng = np.random.default_rng(7)
    size, age = 1200, rng.integers(0, 3, 1200)
    treated = rng.random(size) < 0.4
    event, end = rng.exponential(np.where(treated, 14, 20)).round(1) + 0.1, rng.uniform(20, 40, size).round(1)
    people = pd.DataFrame({"case": range(size), "first_job": np.minimum(event, end), "event": event <= end})
    people = people.assign(treated=treated, age=rng.normal(40, 9, size))
    people = people.assign(young=age == 0, middle=age == 1, old=age == 2)
    loads = rng.uniform(0, 1, (16, 1))
    loads[0] = loads[1:].mean()
    shares = 0.12 + 0.03 * loads @ rng.normal(size=(1, 12)).cumsum(axis=1) + rng.normal(0, 0.004, (16, 12))
    shares[0, 8:] -= 0.04
    index = pd.MultiIndex.from_product([[f"school {i}" for i in range(16)], range(2012, 2024)], names=["unit", "year"])
    schools = pd.DataFrame({"rate": shares.ravel(), "pupils": 400}, index).reset_index()
    score = rng.uniform(0, 100, 2000)
    grade = 3 + 0.01 * score + 0.5 * (score >= 60) + rng.normal(0, 0.6, 2000)
    exam = pd.DataFrame({"case": range(2000), "score": score, "grade": grade})
    return {"people": people, "schools": schools.assign(treated=schools["unit"] == "school 0"), "exam": exam}


def declared():
    designs = {
        "until_job": Duration(
            kind="duration", unit="case", event="event", treated="treated", horizon=24, times=[12], covariates=["age"]
        ),
        "one_school": SyntheticControl(
            kind="synthetic_control", unit="unit", time="year", treated="treated", start=2020, persons="pupils"
        ),
        "points": Discontinuity(kind="discontinuity", running="score", cutoff=60),
    }
    groups = ["young", "middle", "old"]
    told = {"chapter": "other", "role": "primary", "better": "lower", "populations": ["everybody"]}
    outcomes = {
        "first_job": {"panel": "people", "design": "until_job", "unit": "months", "pooled": groups},
        "rate": {"panel": "schools", "design": "one_school", "unit": "pp"},
        "grade": {"panel": "exam", "design": "points", "unit": "points"},
    }
    outcomes["first_job"]["populations"] = ["everybody", *groups]
    found = {name: Outcome(**{**told, **one}) for name, one in outcomes.items()}
    names = {name: Bilingual(bg=bg, en=en) for name, (bg, en) in NAMES.items()}
    return load_study("jtrain2").model_copy(update={"designs": designs, "outcomes": found, "names": names})


@pytest.fixture(scope="module")
def estimated():
    study = declared()
    return study, protect(estimate_chapter(study, "other", tables()), study.disclosure)


@pytest.fixture(params=["bg", "en"])
def content(estimated, request):
    study, results = estimated
    yield Content.of(study, request.param, Workspace.of("jtrain2"), Results(results))
    plt.close("all")


def made(content, label) -> FigureExhibit:
    return make_figure(content, label, outcome=OUTCOMES[label])


@pytest.mark.parametrize("label", sorted(OUTCOMES))
def test_every_figure_has_caption_alt_note_and_data(content, label):
    figure = made(content, label)
    assert figure.label == f"{label}-{OUTCOMES[label].replace('_', '-')}"
    assert figure.caption and figure.note and figure.alt.endswith(".")
    assert any(sign.isdigit() for sign in figure.alt) and "–" not in figure.alt.replace(" – ", " ")
    assert len(figure.data) > 2 and not figure.data.columns.duplicated().any()
    assert not any("_" in str(title) for title in figure.data.columns)


@pytest.mark.parametrize("label", sorted(OUTCOMES))
def test_two_drawings_are_the_same_bytes(content, label):
    first, second = (made(content, label).figure for _ in range(2))
    assert svg_text(first) == svg_text(second) and png_bytes(first, 60) == png_bytes(second, 60)


def words_of(figure):
    """Every visible word of a picture; ticks outside the drawn range are not drawn."""
    for axes in figure.axes:
        yield from [*axes.texts, axes.xaxis.label, axes.yaxis.label]
        for axis, low, high in ((axes.xaxis, *sorted(axes.get_xlim())), (axes.yaxis, *sorted(axes.get_ylim()))):
            for tick in axis.get_major_ticks():
                if low <= tick.get_loc() <= high:
                    yield from (label for label in (tick.label1, tick.label2) if label.get_visible())
    for legend in figure.legends:
        yield from legend.get_texts()


@pytest.mark.parametrize("label", sorted(OUTCOMES))
def test_no_word_lies_outside_the_picture_or_over_another(content, label):
    figure = made(content, label).figure
    figure.canvas.draw()
    width, height = figure.canvas.get_width_height()
    boxes = [one.get_window_extent() for one in words_of(figure) if one.get_text().strip()]
    assert len(boxes) > 8
    for box in boxes:
        assert box.x0 >= -1 and box.y0 >= -1 and box.x1 <= width + 1 and box.y1 <= height + 1
    inner = [box.shrunk(0.9, 0.8) for box in boxes]
    assert not [place for place, one in enumerate(inner) if any(one.overlaps(other) for other in inner[:place])]


def test_drawn_curves_are_the_released_rows_and_no_others(content, estimated):
    figure = made(content, "fig-survival")
    rows = estimated[1]
    shown = rows[(rows["measure"] == "survival") & (rows["population"] == "everybody") & rows["estimate"].notna()]
    drawn = [line for line in figure.figure.axes[0].lines if len(line.get_xdata()) > 2]
    for line, group in zip(drawn, ("project", "comparison"), strict=True):
        mine = shown[shown["term"].str.endswith(group)]
        assert line.get_ydata() == pytest.approx((100 * mine["estimate"]).tolist())
        assert line.get_xdata() == pytest.approx([float(term.split("/")[0]) for term in mine["term"]])
    left = rows[(rows["measure"] == "at_risk") & (rows["term"] == "12/project") & (rows["population"] == "everybody")]
    assert f"{left['estimate'].iloc[0]:.0f}" in {one.get_text() for one in figure.figure.axes[1].texts}


def test_the_gap_is_drawn_over_those_of_the_fifteen_other_schools(content):
    axes = made(content, "fig-placebos").figure.axes[0]
    drawn = [line for line in axes.lines if len(line.get_xdata()) == 12]
    assert len(drawn) == 16
    effect = content.result("rate", "everybody")
    after = np.asarray(drawn[-1].get_ydata())[8:]
    assert after.mean() == pytest.approx(100 * effect.estimate)


def test_the_start_and_the_threshold_are_marked_where_they_are(content):
    start = made(content, "fig-path").figure.axes[0]
    assert 2019.5 in {line.get_xdata()[0] for line in start.lines if len(line.get_xdata()) == 2}
    threshold = made(content, "fig-threshold").figure.axes[0]
    assert 60 in {line.get_xdata()[0] for line in threshold.lines}


def test_the_diamond_is_as_wide_as_the_interval(content):
    figure = made(content, "fig-forest").figure
    pooled = content.results.find("first_job", "pooled", "pooled")
    corners = figure.axes[0].patches[0].get_xy()[:, 0]
    assert (corners.min(), corners.max()) == pytest.approx((pooled.ci_low, pooled.ci_high))


def test_the_chosen_window_is_marked(content):
    axes = made(content, "fig-windows").figure.axes[0]
    sizes = sorted(len(line.get_xdata()) for line in axes.lines)
    assert sizes == [1, 2, 5]


def test_the_chapters_place_them_by_the_declared_design(content):
    report = Report(content)
    placed = [item.label for item in report.render("other") if isinstance(item, FigureExhibit)]
    assert placed == [f"{label}-{OUTCOMES[label].replace('_', '-')}" for label in (
        "fig-survival", "fig-forest", "fig-path", "fig-placebos", "fig-threshold", "fig-windows")]  # fmt: skip
    methods = " ".join(item for item in report.render("data_and_methods") if isinstance(item, str))
    for source in ("Kaplan", "Arkhangelsky", "DerSimonian", "Cattaneo"):
        assert source in methods
    weighted = {"bg": "по шансовете за участие", "en": "by the odds of taking part"}[content.language]
    assert weighted in methods


def test_studies_of_other_designs_get_none_of_them(content):
    plain = load_study("jtrain2")
    other = Content.of(plain, content.language, Workspace.of("jtrain2"), Results(results_table([])))
    assert all(figures_of(other, name) == [] for name in plain.outcomes)
    methods = " ".join(item for item in Report(other).render("data_and_methods") if isinstance(item, str))
    assert not any(source in methods for source in ("Kaplan", "Arkhangelsky", "DerSimonian"))


def test_figures_of_every_design_have_their_texts_in_both_languages():
    from analysis.texts.catalogue import catalogue

    labels = [label for makers in OF_A_DESIGN.values() for label in makers] + ["fig-forest"]
    for label in labels:
        for part in ("caption", "alt", "note"):
            assert set(catalogue()[f"figures.{label.removeprefix('fig-')}.{part}"]) == {"bg", "en"}
