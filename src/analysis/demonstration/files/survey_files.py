"""The survey as three tools hand it out: an online form's workbook, a telephone form's text file, an SPSS file."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat

from analysis.demonstration.files import dirt
from analysis.demonstration.files.workbooks import plain_workbook, separated
from analysis.demonstration.streams import stream
from analysis.demonstration.survey import WAVES, draw_survey, waves_of
from analysis.files import write_bytes
from analysis.texts.yaml_text import from_yaml

WORDING = Path(__file__).parents[1] / "survey.yml"
DAYS = {"baseline": "2021-11-08", "endline": "2023-09-18"}
CODE_FORMS: list[tuple[float, dirt.Spoil]] = [
    (0.010, dirt.each(lambda code: code.lower())),
    (0.010, dirt.each(lambda code: f"{code[0]}-{code[1:]}")),
    (0.006, dirt.each(lambda code: f" {code[0]} {code[1:]}")),
    (0.003, dirt.emptied),
]
INCOME_FORMS: list[tuple[float, dirt.Spoil]] = [
    (0.020, dirt.each(lambda text: f"{text} лв.")),
    (0.010, dirt.each(lambda text: f"{text},00")),
    (0.006, dirt.each(lambda text: f"около {text}")),
    (0.004, dirt.each(lambda text: f"{text}-{int(text) + 100}")),
]
SPSS_CREATED = slice(92, 109)  # the day and time in the header of an SPSS file


@cache
def wording() -> dict[str, dict[str, Any]]:
    """The questionnaires, as ``survey.yml`` has them."""
    content: dict[str, dict[str, Any]] = from_yaml(WORDING.read_text(encoding="utf-8"))
    return content


def write_survey(folder: Path, seed: int) -> None:
    """``survey/residents_<wave>.xlsx``, ``survey/majority_<wave>.csv`` and ``survey/pupils.sav``."""
    here = folder / "survey"
    for answers in draw_survey(seed):
        tables = dict(zip(WAVES, waves_of(seed, answers), strict=True))
        if answers.group == "pupils":
            _write_pupils(here / "pupils.sav", seed, pd.concat(tables.values(), ignore_index=True))
        for wave, table in tables.items():
            if answers.group == "residents":
                _write_residents(here / f"residents_{wave}.xlsx", seed, wave, table)
            elif answers.group == "majority":
                _write_majority(here / f"majority_{wave}.csv", seed, wave, table)


def _write_residents(path: Path, seed: int, wave: str, table: pd.DataFrame) -> None:
    """One row a sent form: time stamp first, ticked options in one cell, some people sent the form twice."""
    rng, words = stream(seed, f"dirt {path.stem}"), wording()["residents"]
    cells = {name: _written(table[name], words["answers"].get(name)) for name in words["captions"]}
    cells["respondent"] = dirt.plant(rng, cells["respondent"], [*CODE_FORMS, (0.006, dirt.each(_latin))])
    cells["survey_income"] = dirt.plant(rng, cells["survey_income"], INCOME_FORMS)
    refuses = table["survey_income"].isna().to_numpy() & (rng.random(len(table)) < 0.5)
    cells["survey_income"][refuses] = words["refused"]
    cells["survey_events"] = _ticked(rng, table["survey_events"], words)
    for name in ("survey_work", "survey_checkup"):
        cells[name] = dirt.yes_forms(rng, cells[name])
    stamps = _stamps(rng, wave, len(table))
    forms = np.where(
        np.arange(len(table)) % 3 == 0, stamps.strftime("%m/%d/%Y %H:%M:%S"), stamps.strftime("%d.%m.%Y %H:%M:%S")
    )
    rows = [list(row) for row in zip(forms, *cells.values(), strict=True)]
    rows = dirt.repeated_rows(rng, rows, 0.01)
    plain_workbook(path, "Отговори във формуляр 1", ["Клеймо за време", *words["captions"].values()], rows)


def _write_majority(path: Path, seed: int, wave: str, table: pd.DataFrame) -> None:
    """Question names under groups, numbers for answers, 98 and 99 where there is none, and the tool's own columns."""
    rng, words = stream(seed, f"dirt {path.stem}"), wording()["majority"]
    cells = {name: _written(table[name], words["answers"].get(name)) for name in words["captions"]}
    cells["respondent"] = dirt.plant(rng, cells["respondent"], CODE_FORMS)
    for name in list(words["captions"])[1:]:
        column = cells[name]
        told = np.where(rng.random(len(table)) < 0.5, words["refused"], words["unknown"])
        is_open = pd.isna(column)
        cells[name] = np.where(is_open, "n/a" if name in ("is_female", "age_group") else told, column)
    stamps = _stamps(rng, wave, len(table)).strftime("%Y-%m-%dT%H:%M:%S")
    source = np.where(cells["survey_informed"] == "1", "proekt tv", np.where(rng.random(len(table)) < 0.5, "tv", ""))
    numbers = [str(40_000 + place) for place in range(len(table))]
    header = [
        "_id",
        "_submission_time",
        "__version__",
        *words["captions"].values(),
        "grp_info/iztochnik",
        "grp_info/iztochnik/tv",
    ]
    tv = np.where(np.char.find(source.astype(str), "tv") >= 0, "1", "0")
    columns = [numbers, stamps, ["v7"] * len(table), *cells.values(), source, tv]
    separated(path, header, zip(*columns, strict=True), ";", "utf-8-sig")


def _write_pupils(path: Path, seed: int, table: pd.DataFrame) -> None:
    """Both waves in one file: short names, labels of variables and values, 99 for a refusal as a user-missing value."""
    rng, words = stream(seed, f"dirt {path.stem}"), wording()["pupils"]
    written, values = {}, {}
    for place, name in enumerate(words["captions"], start=1):
        answers = words["answers"].get(name)
        short = f"v{place}"
        if name == "respondent":
            written[short] = dirt.plant(rng, _written(table[name], None), CODE_FORMS[:3])
        elif answers:
            codes = {code: float(number) for number, code in enumerate(answers, start=1)}
            values[short] = {codes[code]: text for code, text in answers.items()}
            written[short] = _code(table[name]).map(codes).astype("float64").to_numpy()
        else:
            refuses = rng.random(len(table)) < 0.6
            written[short] = table[name].astype("float64").mask(table[name].isna() & refuses, 99.0).to_numpy()
    labels: dict[str, str | None] = {
        f"v{place}": caption for place, caption in enumerate(words["captions"].values(), start=1)
    }
    frame = pd.DataFrame(written)
    missing = {short: [99.0] for short in frame.columns if frame[short].dtype == float and short not in values}
    write_bytes(path, _spss(frame, labels, values, missing))


def _spss(frame: pd.DataFrame, labels: dict[str, str | None], values: dict[str, Any], missing: dict[str, Any]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.sav"
        pyreadstat.write_sav(
            frame, str(path), column_labels=labels, variable_value_labels=values, missing_ranges=missing
        )
        content = path.read_bytes()
    return content[: SPSS_CREATED.start] + b"01 Jan 24" + b"00:00:00" + content[SPSS_CREATED.stop :]


def _code(column: pd.Series) -> pd.Series:
    return column.astype("str").str.lower() if column.dtype == "boolean" else column.astype("str")


def _written(column: pd.Series, answers: dict[str, str] | None) -> np.ndarray:
    """Cells as the form writes them; an open question is None."""
    if answers is not None:
        texts = _code(column).map(answers)
    elif column.dtype == "float64":
        texts = column.map(lambda value: f"{value:.0f}", na_action="ignore")
    else:
        texts = column.astype("str")
    texts = texts.astype(object)
    return texts.where(column.notna(), None).to_numpy(dtype=object)


def _ticked(rng: np.random.Generator, takes_part: pd.Series, words: dict[str, Any]) -> np.ndarray:
    """The ticked options of each respondent in one cell."""
    draws = rng.random((len(takes_part), len(words["events"])))
    cells: list[str | None] = []
    for value, draw in zip(takes_part, draws, strict=True):
        chosen = [text for text, luck in zip(words["events"], draw, strict=True) if luck < 0.5] or words["events"][:1]
        cells.append(None if pd.isna(value) else ", ".join(chosen) if value else words["no_event"])
    return np.array(cells, dtype=object)


def _stamps(rng: np.random.Generator, wave: str, count: int) -> pd.DatetimeIndex:
    seconds = np.sort(rng.integers(0, 20 * 86_400, count))
    return pd.DatetimeIndex(pd.Timestamp(DAYS[wave]) + pd.to_timedelta(seconds, unit="s"))


def _latin(code: str) -> str:
    return code.translate(str.maketrans("УМ", "YM"))
