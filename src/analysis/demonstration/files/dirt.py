"""Dirt as it is met in real files, planted at small rates and always in the same places.

Each kind of dirt is a function from clean cells to dirty ones; ``plant`` puts several kinds into one column, each
cell at most once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from stdnum.bg import egn, pnf

from analysis.demonstration.persons import CHECK_OFFSET

Spoil = Callable[[list[object]], list[object]]
LATIN_FOR_CYRILLIC = str.maketrans("АВСЕНКМОРТХаеорсху", "ABCEHKMOPTXaeopcxy")
CYRILLIC_FOR_LATIN = str.maketrans("IVX", "ІVХ")
ROMAN = ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"]
EXCEL_DAY_ZERO = np.datetime64("1899-12-30")


def plant(
    rng: np.random.Generator, cells: np.ndarray, kinds: Sequence[tuple[float, Spoil]], among: np.ndarray | None = None
) -> np.ndarray:
    """``cells`` with each kind of dirt at its rate, at least one cell a kind (``among``: the places that may be
    chosen).
    """
    places = np.flatnonzero(~pd.isna(cells)) if among is None else np.asarray(among)
    order = rng.permutation(places)
    dirty = cells.astype(object).copy()
    used = 0
    for rate, spoil in kinds:
        count = max(1, round(rate * len(places)))
        chosen = order[used : used + count]
        used += count
        for place, value in zip(chosen, spoil([cells[place] for place in chosen]), strict=True):
            dirty[place] = value
    return dirty


def each(change: Callable[[str], object]) -> Spoil:
    """Dirt that changes one cell's text by itself."""
    return lambda values: [change(str(value)) for value in values]


def emptied(values: list[object]) -> list[object]:
    """Dirt that leaves the cell empty."""
    return [None] * len(values)


def always(text: str) -> Spoil:
    """Dirt that puts one text into every cell."""
    return lambda values: [text] * len(values)


def wrong_check_digit(number: str) -> str:
    """A slip in the last digit: neither the demonstration's digit nor one that makes the number a real ЕГН or ЛНЧ."""
    correct = [int(egn.calc_check_digit(number[:9])), int(pnf.calc_check_digit(number[:9]))]
    taken = {*correct, *((digit + CHECK_OFFSET) % 10 for digit in correct)}
    return number[:9] + next(str(digit) for digit in (7, 2, 9, 4, 1) if digit not in taken)


def scientific(number: str) -> str:
    """What a narrow Excel column leaves of a number: it cannot be repaired."""
    return f"{float(number):.5E}"


NUMBER_DIRT: list[tuple[float, Spoil]] = [
    (0.0015, each(lambda number: f" {number} ")),
    (0.0010, each(lambda number: f"{number[:6]} {number[6:]}")),
    (0.0015, each(lambda number: f"{int(number)}.0")),
    (0.0010, each(lambda number: "'" + number)),
    (0.0003, each(scientific)),
    (0.0003, each(wrong_check_digit)),
    (
        0.0002,
        each(lambda number: number[:4] + number[4:].replace("0", "O", 1) if "0" in number[4:] else "O" + number[1:]),
    ),
    (0.0002, each(lambda number: number + " а")),
]


def lost_zero(numbers: np.ndarray, where: np.ndarray) -> np.ndarray:
    """A numeric column drops the first zero: born 2001 to 2009, nine digits remain."""
    zero = where & one_zero(numbers)
    return np.where(zero, [str(number).lstrip("0") for number in numbers], numbers)


def as_numbers(numbers: np.ndarray, where: np.ndarray) -> np.ndarray:
    """Text cells become numeric cells, so a leading zero is gone."""
    safe = where & np.array([str(number).isdigit() and not str(number).startswith("00") for number in numbers])
    return np.array([int(number) if take else number for number, take in zip(numbers, safe, strict=True)], dtype=object)


def one_zero(numbers: np.ndarray) -> np.ndarray:
    """Numbers with one leading zero. Who was born in 2000 has two and would come out with eight digits, beyond
    repair; the
    clerks of the demonstration noticed those and typed them as text."""
    return np.array([str(n).startswith("0") and not str(n).startswith("00") and str(n).isdigit() for n in numbers])


def mixed_alphabet(text: str) -> str:
    """Latin letters that look like the Cyrillic ones, in the first half of a word."""
    half = max(len(text) // 2, 1)
    return text[:half].translate(LATIN_FOR_CYRILLIC) + text[half:]


def roman(grade: int) -> str:
    return ROMAN[grade]


def roman_mixed(grade: int) -> str:
    """Roman numerals typed with the Cyrillic І and Х."""
    return ROMAN[grade].translate(CYRILLIC_FOR_LATIN)


def section_forms(grade: int, section: str, form: int) -> str:
    """How schools write a class section."""
    letter = section.lower()
    forms = [
        f"{grade} {letter}",
        f"{grade}{letter}",
        f'{grade} "{letter}"',
        f"{ROMAN[grade]} {letter}",
        f"{ROMAN[grade]}-{letter}",
        f"{grade}. {letter}",
        section,
        f"{grade}{letter.translate(LATIN_FOR_CYRILLIC)}",
    ]
    return forms[form]


def date_forms(values: pd.Series, forms: np.ndarray) -> np.ndarray:
    """Dates as text: form 0 dd.mm.yyyy, 1 with the year sign, 2 d.m.yy, 3 ISO, 4 Excel serial (a number)."""
    stamps = pd.to_datetime(values.astype("datetime64[ns]"))
    serial = (stamps.to_numpy().astype("datetime64[D]") - EXCEL_DAY_ZERO).astype("timedelta64[D]").astype(float)
    texts = [
        None if pd.isna(stamp) else _date_form(stamp, days, form)
        for stamp, days, form in zip(stamps, serial, forms, strict=True)
    ]
    return np.array(texts, dtype=object)


def _date_form(stamp: pd.Timestamp, serial: float, form: int) -> object:
    short = f"{stamp.day}.{stamp.month}.{stamp:%y}"
    return [f"{stamp:%d.%m.%Y}", f"{stamp:%d.%m.%Y} г.", short, f"{stamp:%Y-%m-%d}", int(serial)][form]


def yes_forms(rng: np.random.Generator, cells: np.ndarray) -> np.ndarray:
    """How people type yes and no beside the exact „да“ and „не“."""
    yes, no = np.flatnonzero(cells == "да"), np.flatnonzero(cells == "не")
    for among, forms in [(yes, ["Да", "ДА", "да ", "yes", "х"]), (no, ["Не", "НЕ", "не ", "no"])]:
        kinds = [(0.006, always(form)) for form in forms]
        if len(among) >= len(forms):
            cells = plant(rng, cells, kinds, among)
    return cells


def repeated_rows(rng: np.random.Generator, rows: list[list[object]], rate: float) -> list[list[object]]:
    """Some rows stand in the file twice, the second time further down."""
    count = max(1, round(rate * len(rows)))
    chosen = rng.choice(len(rows), size=min(count, len(rows)), replace=False)
    return rows + [list(rows[place]) for place in sorted(chosen.tolist())]
