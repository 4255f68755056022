"""The 24 fictitious schools and the employers that the project subsidised."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.texts.yaml_text import from_yaml

FIRST_CODE = 2699001  # no municipality has the number 99, so no school has such a code
# stratum, project school, first and last grade, pupils a grade, share of vulnerable pupils among those who start there
_PLAN = [
    ("town", True, 1, 7, 26, 0.54), ("town", True, 1, 7, 22, 0.60), ("town", True, 1, 12, 22, 0.48),
    ("town", False, 1, 7, 21, 0.12), ("town", False, 1, 7, 18, 0.20), ("town", False, 1, 7, 15, 0.24),
    ("town", False, 1, 7, 12, 0.16), ("town", False, 1, 12, 22, 0.10), ("town", False, 1, 12, 19, 0.14),
    ("town", False, 1, 12, 15, 0.20), ("town", False, 8, 12, 36, 0.06), ("town", False, 8, 12, 32, 0.20),
    ("town", False, 8, 12, 27, 0.28), ("town", False, 8, 12, 23, 0.30),
    ("village", True, 1, 7, 17, 0.66), ("village", True, 1, 7, 14, 0.62), ("village", True, 1, 7, 11, 0.58),
    ("village", False, 1, 7, 9, 0.26), ("village", False, 1, 7, 8, 0.30), ("village", False, 1, 7, 7, 0.22),
    ("village", False, 1, 7, 6, 0.32), ("village", False, 1, 7, 5, 0.20), ("village", False, 1, 7, 5, 0.28),
    ("village", False, 1, 7, 4, 0.24),
]  # fmt: skip
EMPLOYERS = 9  # employers with subsidised jobs


@cache
def plan() -> pd.DataFrame:
    """``school_code, stratum, treated, first_grade, last_grade, size, vulnerable``, one row a school, ordered by
    code.

    Treated and other schools are mixed, so that neither the code nor the name tells them apart.
    """
    columns = ["stratum", "treated", "first_grade", "last_grade", "size", "vulnerable"]
    schools = pd.DataFrame(_PLAN, columns=columns)
    order = np.random.default_rng(24).permutation(len(schools))
    schools = schools.iloc[order].reset_index(drop=True)
    schools.insert(0, "school_code", [str(FIRST_CODE + place) for place in range(len(schools))])
    return schools


def schools() -> pd.DataFrame:
    """``school_code, treated, stratum, name_bg, name_en`` as ``analysis.panels.schools`` gives it (all start alike)."""
    table = plan()[["school_code", "treated", "stratum"]].copy()
    table["school_code"] = table["school_code"].astype("str")
    table["stratum"] = table["stratum"].astype("str")
    numbers = [f"{place + 1:02d}" for place in range(len(table))]
    table["name_bg"] = pd.array([wording()["school"]["bg"].format(number) for number in numbers], dtype="str")
    table["name_en"] = pd.array([wording()["school"]["en"].format(number) for number in numbers], dtype="str")
    return table


def employer_id(number: int) -> str:
    """A nine-digit employer number that begins with 99 and whose check digit is wrong by five."""
    digits = [int(digit) for digit in f"99{number:06d}"]
    check = sum(digit * weight for digit, weight in zip(digits, range(1, 9), strict=True)) % 11
    if check == 10:
        check = sum(digit * weight for digit, weight in zip(digits, range(3, 11), strict=True)) % 11 % 10
    return "".join(map(str, digits)) + str((check + 5) % 10)


def employer_name(number: int, language: str = "bg") -> str:
    return str(wording()["employer"][language].format(number))


def project_employers() -> pd.DataFrame:
    """``employer_id, name_bg, name_en`` of the employers whose jobs the project paid."""
    numbers = range(1, EMPLOYERS + 1)
    rows = [(employer_id(n), employer_name(n), employer_name(n, "en")) for n in numbers]
    return pd.DataFrame(rows, columns=["employer_id", "name_bg", "name_en"]).astype("str")


@cache
def wording() -> dict:
    """The words the files are written in: names, places, texts of code lists (``wording.yml``)."""
    return from_yaml((Path(__file__).parent / "wording.yml").read_text(encoding="utf-8"))
