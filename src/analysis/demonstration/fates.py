"""What becomes of a pupil within a school year: stays, moves, goes abroad, drops out, and what the registers say of
it.

Whether a pupil drops out depends on what is recorded (at risk or not, stage) and on shocks common to the school and
year. The same random number decides in both worlds, without and with the measure, so the measure can only keep a
pupil at school.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.demonstration import calibration as c
from analysis.demonstration.pupils import stage
from analysis.demonstration.schools import plan
from analysis.demonstration.streams import stream

SUMMER = 10  # month of leaving: 0 September ... 9 June, 10 the holidays
OUTSIDE = "2698001"


def draw_fates(
    seed: int,
    year: int,
    stock: pd.DataFrame,
    at_risk: np.ndarray,
    measure: np.ndarray,
    shock: np.ndarray,
    motivation: float,
) -> pd.DataFrame:
    """``fate, document, leave_month, new_school, dropout_without, dropout_with``, one row a row of ``stock``.

    ``if_dropout`` and ``month_if_dropout`` say how the pupil would leave in the world where he or she drops out.

    ``measure``: takes part in the project or in a similar measure; ``shock``: log-hazard of the pupil's school this
    year.
    """
    rng = stream(seed, "fates", year)
    level = stage(stock["grade"])
    hazard = np.where(at_risk, np.take(c.DROPOUT_AT_RISK, level), np.take(c.DROPOUT_OTHERS, level))
    hazard = hazard * c.DROPOUT_YEAR.get(year, 1.0) * np.exp(shock - 0.5 * c.DROPOUT_SHOCK**2)
    hazard = hazard * np.exp(-motivation * stock["motivation"].to_numpy() - motivation**2 / 2)
    draws = rng.random((5, len(stock)))
    abroad = draws[0] < np.take(c.ABROAD, level)
    without = ~abroad & (draws[1] < hazard)
    kept = ~abroad & (draws[1] < hazard * dropout_factor(stock["grade"].to_numpy()))
    happens = np.where(measure, kept, without)
    fates = pd.DataFrame(
        {"fate": _fate(draws[2], abroad, happens), "dropout_without": without, "dropout_with": happens}
    )
    fates["document"] = _document(draws[3], fates["fate"].to_numpy(), stock, year)
    fates["if_dropout"] = _document(draws[3], np.full(len(stock), "dropout", dtype=object), stock, year)
    fates["leave_month"] = np.where(fates["fate"] == "", -1, _leave_month(draws[4]))
    fates["month_if_dropout"] = _leave_month(draws[4])
    fates["new_school"] = np.where(fates["fate"] == "moved_within", _other_school(rng, stock), -1)
    return fates


def dropout_factor(grade: np.ndarray) -> np.ndarray:
    """By what the measure multiplies the chance of dropping out, by grade."""
    factors = c.DROPOUT_FACTOR
    return np.select([grade == 1, grade <= 7], [factors["first_grade"], factors["to_seventh"]], factors["from_eighth"])


def discharge_date(rng: np.random.Generator, year: int, leave_month: np.ndarray) -> np.ndarray:
    """A day within the month of leaving; in the holidays a day in July or August."""
    months = np.datetime64(f"{year}-09", "M") + leave_month
    day = np.where(
        leave_month == SUMMER, rng.integers(0, 55, size=len(leave_month)), rng.integers(4, 26, size=len(leave_month))
    )
    return (months.astype("datetime64[D]") + day).astype("datetime64[ns]")


def _fate(draw: np.ndarray, abroad: np.ndarray, dropout: np.ndarray) -> np.ndarray:
    away, within = c.MOVED_AWAY, c.MOVED_AWAY + c.MOVED_WITHIN
    others = np.select(
        [draw < away, draw < within, draw < within + c.DEATH], ["moved_school", "moved_within", "death"], ""
    )
    return np.select([abroad, dropout], ["abroad", "dropout"], others)


def _document(draw: np.ndarray, fate: np.ndarray, stock: pd.DataFrame, year: int) -> np.ndarray:
    """The ground on the discharge document; empty: no document. Only a dropout may go without one."""
    kinds = np.array(list(c.DOCUMENTS), dtype=object)
    kind = kinds[np.minimum(np.searchsorted(np.cumsum(list(c.DOCUMENTS.values())), draw), len(kinds) - 1)]
    young = (kind == "not_compulsory") & (year - stock["birth_year"].to_numpy() < 16)
    last_grade = (kind == "") & (stock["grade"].to_numpy() == 12)
    kind = np.where(young | last_grade, "dropout", kind)
    known = {
        "abroad": "abroad",
        "moved_school": "moved_school",
        "moved_within": "moved_school",
        "death": "death",
        "": "",
    }
    return np.where(fate == "dropout", kind, pd.Series(fate).map(known).to_numpy(dtype=object))


def _leave_month(draw: np.ndarray) -> np.ndarray:
    return np.where(draw < 0.7, 2 + (draw / 0.7 * 7).astype(int), SUMMER)


def _other_school(rng: np.random.Generator, stock: pd.DataFrame) -> np.ndarray:
    """Another school that has the pupil's grade."""
    schools = plan()
    lower, upper = (
        schools.index[schools["first_grade"] == 1].to_numpy(),
        schools.index[schools["last_grade"] == 12].to_numpy(),
    )
    places = rng.random(len(stock))
    pools = [lower, upper]
    high = (stock["grade"].to_numpy() > 7).astype(int)
    chosen = np.where(
        high == 1, pools[1][(places * len(upper)).astype(int)], pools[0][(places * len(lower)).astype(int)]
    )
    return np.where(chosen == stock["school"], -1, chosen)
