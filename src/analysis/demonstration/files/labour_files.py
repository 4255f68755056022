"""Files of the Employment Agency and of the National Revenue Agency."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from analysis.demonstration.files import dirt
from analysis.demonstration.files.cells import captioned, captions, dates, rows_of
from analysis.demonstration.files.workbooks import plain_workbook, separated
from analysis.demonstration.labour_tables import LAST_EMPLOYER
from analysis.demonstration.schools import employer_id, employer_name, wording
from analysis.demonstration.streams import stream

NBSP = "\u00a0"
EKATTE = "77195"


def write_labour(folder: Path, seed: int, tables: dict[str, pd.DataFrame], people: pd.DataFrame) -> None:
    """``labour_office/registrations.xlsx, trainings.csv, placements.xlsx`` and ``nra/contracts.csv``."""
    _write_registrations(folder / "labour_office" / "registrations.xlsx", seed, tables["registrations"], people)
    _write_trainings(folder / "labour_office" / "trainings.csv", seed, tables["trainings"], people)
    _write_placements(folder / "labour_office" / "placements.xlsx", seed, tables["placements"], people)
    _write_contracts(folder / "nra" / "contracts.csv", seed, tables["contracts"], people)


def _write_registrations(path: Path, seed: int, table: pd.DataFrame, people: pd.DataFrame) -> None:
    rng = stream(seed, "dirt registrations")
    frame = captioned("labour_registrations", table, people, {"office": wording()["office"]})
    frame = _dirty_people(rng, frame)
    forms = rng.choice(5, size=len(frame), p=[0.9, 0.05, 0.01, 0.03, 0.01])
    frame["start_date"] = dirt.date_forms(table["start_date"], forms)
    frame["end_date"] = dirt.date_forms(table["end_date"], forms)
    education = [
        (0.01, dirt.each(str.capitalize)),
        (0.004, dirt.each(dirt.mixed_alphabet)),
        (0.002, dirt.emptied),
    ]
    frame["education"] = dirt.plant(rng, frame["education"].to_numpy(dtype=object), education)
    header = list(captions("labour_registrations").values())
    header[header.index("Дата на регистрация")] = "Дата на\nрегистрация"
    plain_workbook(path, "Регистрации", header, dirt.repeated_rows(rng, rows_of(frame), 0.001))


def _write_trainings(path: Path, seed: int, table: pd.DataFrame, people: pd.DataFrame) -> None:
    rng = stream(seed, "dirt trainings")
    frame = _dirty_people(rng, captioned("labour_trainings", table, people))
    frame["start_date"] = dates(table["start_date"])
    frame["end_date"] = dates(table["end_date"])
    separated(
        path, list(captions("labour_trainings").values()), dirt.repeated_rows(rng, rows_of(frame), 0.003), ",", "utf-8"
    )


def _write_placements(path: Path, seed: int, table: pd.DataFrame, people: pd.DataFrame) -> None:
    rng = stream(seed, "dirt placements")
    names = _employer_names(table["employer_id"])
    frame = captioned("labour_placements", table, people, {"employer_name": names})
    frame["start_date"] = dates(table["start_date"], "%d.%m.%Y г.")
    frame["end_date"] = dates(table["end_date"], "%d.%m.%Y г.")
    frame["employer_id"] = dirt.as_numbers(frame["employer_id"].to_numpy(dtype=object), rng.random(len(frame)) < 0.3)
    plain_workbook(
        path, "Договори", list(captions("labour_placements").values()), dirt.repeated_rows(rng, rows_of(frame), 0.006)
    )


def _write_contracts(path: Path, seed: int, table: pd.DataFrame, people: pd.DataFrame) -> None:
    rng = stream(seed, "dirt contracts")
    places = np.array(wording()["positions"], dtype=object)
    extra = {
        "employer_name": _employer_names(table["employer_id"]),
        "position": rng.choice(places, size=len(table)),
        "ekatte": EKATTE,
    }
    frame = captioned("nra_contracts", table, people, extra)
    frame["person_id"] = dirt.lost_zero(frame["person_id"].to_numpy(dtype=object), rng.random(len(frame)) < 0.5)
    frame = _dirty_people(rng, frame)
    for column in ("start_date", "annex_date", "end_date", "term_date"):
        frame[column] = dates(table[column])
    frame["wage_bgn"] = _wages(rng, table["wage_bgn"])
    header = [f"{caption} " if caption == "Заплата" else caption for caption in captions("nra_contracts").values()]
    separated(path, header, dirt.repeated_rows(rng, rows_of(frame), 0.001), ";", "cp1251")


def _dirty_people(rng: np.random.Generator, frame: pd.DataFrame) -> pd.DataFrame:
    numbers = frame["person_id"].to_numpy(dtype=object)
    whole = np.flatnonzero([len(str(number)) == 10 for number in numbers])
    frame = frame.assign(
        person_id=dirt.plant(rng, numbers, [(rate * 0.5, spoil) for rate, spoil in dirt.NUMBER_DIRT], whole)
    )
    frame["last_name"] = dirt.plant(
        rng, frame["last_name"].to_numpy(dtype=object), [(0.004, dirt.each(lambda name: f"{name} - {name}"))]
    )
    return frame


def _wages(rng: np.random.Generator, wages: pd.Series) -> np.ndarray:
    """Decimal comma; some with a blank between the thousands, the currency, or a blank after the comma."""
    texts = np.array([f"{wage:.2f}".replace(".", ",") for wage in wages], dtype=object)
    thousands = np.flatnonzero(wages.to_numpy() >= 1000)
    grouped = [
        (0.10, dirt.each(lambda text: f"{text[:-6]}{NBSP}{text[-6:]}")),
        (0.02, dirt.each(lambda text: f"{text[:-6]} {text[-6:]}")),
    ]
    texts = dirt.plant(rng, texts, grouped, thousands)
    others = np.flatnonzero(wages.to_numpy() < 1000)
    kinds = [(0.02, dirt.each(lambda text: f"{text} лв.")), (0.005, dirt.each(lambda text: text.replace(",", ", ")))]
    return dirt.plant(rng, texts, kinds, others)


def _employer_names(ids: pd.Series) -> np.ndarray:
    known = {employer_id(number): employer_name(number) for number in range(1, LAST_EMPLOYER + 1)}
    return ids.map(known).to_numpy(dtype=object)
