"""A made-up report notebook that uses every kind of display and every hostile string, in both languages."""

from __future__ import annotations

from datetime import date
from typing import Any

import nbformat
import pandas as pd
import pytest

from analysis.report import display, style
from analysis.report.tables import Cell, Column, Spanner, Table, body, group, number_cell, total

HOSTILE = ("[1. x]", "= x", "#set page(width: 1cm)", "<script>alert(1)</script>", "@nonexistent", "a | b", "`tick`")
HOSTILE_CELLS = (*HOSTILE, 'пряка "кавичка" и $x$', "\\newpage // /* ]", "*звезда* _черта_ ~", "&amp; <b>", '#"; )')

TEXTS = {
    "bg": """# Увод {#sec-intro}

Отпадането намалява с [−2,8]{.number data-result="education/dropout_a/at_risk/school_did/effect"} процентни пункта
(95 % ДИ: от −5,1 до −0,5), както показва @tbl-main. @Fig-trend я допълва, а @eq-did дава оценителя;
вж. и @sec-method.[^1]
Текстът е "в кавички" и *курсив*, с [връзка](https://www.eufunds.bg/).

[^1]: Бележка под линия с число 1234,5.

> Разликите преди и след проекта не са причинни.

1. първо
2. второ

- **удебелено** и `код`
- [an English phrase]{lang=en}

***

## Метод {#sec-method}

Независимост: $Y(0) \\perp\\!\\!\\!\\perp D \\mid X$, а $\\hat\\tau = 0{,}042$.

[$$\\hat\\tau = \\frac{1}{n}\\sum_{i=1}^{n} (Y_{i1} - Y_{i0})$$]{#eq-did alt="оценката е средната разлика"}

| Ред | Брой |
|:----|-----:|
| a   |   12 |

""",
    "en": """# Introduction {#sec-intro}

Dropout falls by [−2.8]{.number data-result="education/dropout_a/at_risk/school_did/effect"} percentage points, as
@tbl-main shows and [-@fig-trend] repeats; see @eq-did and @sec-method.[^1]

[^1]: A footnote.

## Method {#sec-method}

The estimator is [$$\\hat\\tau = \\bar Y_1 - \\bar Y_0$$]{#eq-did alt="tau hat is the difference of means"}.

""",
}
SECOND = {
    "bg": "# Данни\n\nДругата бележка.[^1]\n\n[^1]: Втора бележка.\n",
    "en": "# Data\n\nMore.[^1]\n\n[^1]: Second note.\n",
}


def main_table(language: str) -> Table:
    numbers = [number_cell(value, language, "points", sign=True) for value in (-0.0284, -0.051, -0.0052)]
    columns = (Column("Показател", "left"), Column("Ефект"), Column("от"), Column("до"), Column("p"))
    p = number_cell(0.0163, language, "p")
    rows = (
        group("Образование"),
        body("Отпадане през учебната година", *numbers, p),
        body("Отсъствия, часове", Cell("–"), Cell("–"), Cell("–"), Cell("–")),
        group("Заетост"),
        body("Заетост на 12-ия месец", *numbers, number_cell(0.00004, language, "p")),
        total("Общо", *numbers, p),
    )
    spanners = (Spanner("95 % доверителен интервал", 2, 3),)
    note = 'Бележка с [−2,8]{.number data-result="a/b"} и препратка към @fig-trend.'
    return Table(
        "tbl-main", "1. Основни оценки: *ефекти* и интервали", columns, rows, note, "симулирани данни", spanners
    )


def wide_table(language: str) -> Table:
    columns = (Column("Училище", "left"), *[Column(f"Учебна\n{year}/{(year + 1) % 100}") for year in range(2012, 2023)])
    rows = tuple(
        body(
            f"Основно училище „Свети Климент Охридски“ № {place}",
            *[number_cell(1000.5 * place + year, language) for year in range(11)],
        )
        for place in range(1, 9)
    )
    return Table("tbl-wide", "Дванадесет колони", columns, rows)


def long_table(language: str) -> Table:
    rows = [
        group("Начален етап") if place in (1, 40) else body(f"Ред {place}", number_cell(place, language, "count"))
        for place in range(1, 81)
    ]
    return Table("tbl-long", "Осемдесет реда", (Column("Ред", "left"), Column("Брой")), tuple(rows))


def hostile_table() -> Table:
    rows = tuple(body(word, word) for word in HOSTILE_CELLS)
    return Table(
        "tbl-hostile", "Враждебни низове", (Column("#set", "left"), Column("[1. y]", "left")), rows, "# не е заглавие"
    )


def prose_table() -> Table:
    sentence = "Дълго изречение, което трябва да се пренесе на няколко реда, без да излезе от полето на страницата."
    rows = tuple(body(f"Критерий {place}", sentence, sentence) for place in range(1, 4))
    return Table(
        "tbl-prose", "Критерии", (Column("Критерий", "left"), Column("Въпрос", "left"), Column("Отговор", "left")), rows
    )


def show_everything(language: str) -> None:
    display.document(
        "Оценка на въздействието" if language == "bg" else "Impact evaluation",
        "Проект „Пример“" if language == "bg" else "The project “Example”",
        language,
        date(2024, 6, 30),
        "ДЕМОНСТРАЦИОННИ СИНТЕТИЧНИ ДАННИ – не описват реални лица"
        if language == "bg"
        else "SYNTHETIC DATA – no real persons",
        "Успяваме заедно" if language == "bg" else "We succeed together",
        banner_detail="Всички числа са изчислени върху изкуствени данни.",
        authors=("Община Пример",),
        facts=(("Договор", "BG05M9OP001-2.056-0014-C01"), ("Бюджет", "1 589 860,38 лв.")),
    )
    display.text(TEXTS[language])
    display.table(main_table(language))
    figure, axes = style.new_figure(language, 6)
    axes.plot([2016, 2017, 2018], [0.5, 1.25, 0.75], label="Проектни училища", **style.PROJECT)
    axes.plot([2016, 2017, 2018], [0.4, 0.9, 1.1], label="Училища за сравнение", **style.COMPARISON)
    axes.set_xticks([2016, 2017, 2018])
    axes.set_ylabel("Дял, %")
    axes.legend()
    data = pd.DataFrame({"Година": [2016, 2017], "Дял": [0.5, 1.25]})
    display.figure(
        figure,
        "fig-trend",
        "Развитие по години",
        "Двете линии се разделят след 2017 г.",
        data,
        source="симулация",
        language=language,
    )
    display.text(SECOND[language])
    display.text("\n\n".join(HOSTILE) + "\n\n" + " ".join(HOSTILE))
    for table in (wide_table(language), long_table(language), hostile_table(), prose_table()):
        display.table(table)
    display.text("# Край\n\nПоследно изречение.")


def notebook_of(outputs: list[tuple[dict[str, Any], dict[str, Any]]]) -> nbformat.NotebookNode:
    """An executed notebook whose only code cell published ``outputs``."""
    shown = [nbformat.v4.new_output("display_data", data=data, metadata={"evaluation": meta}) for data, meta in outputs]
    shown.append(nbformat.v4.new_output("stream", name="stdout", text="stray print"))
    cells = [
        nbformat.v4.new_markdown_cell("How to use this notebook"),
        nbformat.v4.new_code_cell("secret_code()", outputs=shown, execution_count=1),
    ]
    return nbformat.v4.new_notebook(cells=cells)


@pytest.fixture(scope="session")
def publish():
    """Run a function that displays things and get the notebook that results."""

    def run(show: Any, *arguments: Any) -> nbformat.NotebookNode:
        outputs: list[tuple[dict[str, Any], dict[str, Any]]] = []
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(display, "_publish", lambda bundle, meta: outputs.append((bundle, meta)))
            show(*arguments)
        return notebook_of(outputs)

    return run


@pytest.fixture(scope="session", params=["bg", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="session")
def notebook(publish, language):
    return publish(show_everything, language)


@pytest.fixture(scope="session")
def hostile_cells():
    return HOSTILE_CELLS
