"""Ways in which a declared design and its table go wrong. Each takes a sound one (``small_designs``) and gives the
broken one, or None where the design has nothing to break there.

IMPOSSIBLE leave nothing to estimate: no number may come of them. DRESSED hold the same data in another form: the same
numbers or a refusal. ODD may leave an estimate or not; what comes must be sane.
"""

from __future__ import annotations

import datetime
import decimal
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.study.design_settings import Discontinuity, Staggered

from .small_designs import Declared

Break = Callable[[Declared, np.random.Generator], Declared | None]


def put(declared: Declared, role: str, change: Callable[[pd.Series], object]) -> Declared | None:
    """The column of a ``role`` replaced, in every table that has it."""
    name = declared.role.get(role)
    if name is None:
        return None
    new = {"table": declared.table, "months": declared.months}
    for place, table in new.items():
        if table is not None and name in table:
            new[place] = table.assign(**{name: change(table[name])})
    return replace(declared, **new)


def of(role: str, change: Callable[[pd.Series], object]) -> Break:
    return lambda declared, rng: put(declared, role, change)


def gap(role: str) -> Break:
    """One cell empty."""
    return of(role, lambda column: column.where(np.arange(len(column)) != 3))


def cell(role: str, value: object) -> Break:
    """One cell holds ``value``, the column being one of objects."""

    def change(column: pd.Series) -> pd.Series:
        values = np.empty(len(column), dtype=object)
        values[:] = column.to_numpy(dtype=object)
        values[min(2, len(values) - 1)] = value
        return pd.Series(values, column.index, dtype=object)

    return of(role, change)


def dropped(role: str) -> Break:
    def change(declared: Declared, rng: np.random.Generator) -> Declared | None:
        name = declared.role.get(role)
        if name is None:
            return None
        months = None if declared.months is None else declared.months.drop(columns=name, errors="ignore")
        return replace(declared, table=declared.table.drop(columns=name, errors="ignore"), months=months)

    return change


def table(change: Callable[[pd.DataFrame], pd.DataFrame]) -> Break:
    return lambda declared, rng: declared.with_measured(change(declared.measured))


def everybody_treated(declared: Declared, rng: np.random.Generator) -> Declared | None:
    start = isinstance(declared.design, Staggered)
    return put(declared, "treated", lambda column: column.notna() * 2020 if start else column == column)


def nobody_treated(declared: Declared, rng: np.random.Generator) -> Declared | None:
    start = isinstance(declared.design, Staggered)
    return put(declared, "treated", lambda column: column * np.nan if start else column != column)


def one_time(declared: Declared, rng: np.random.Generator) -> Declared | None:
    if "time" not in declared.role:
        return None
    when = declared.measured[declared.role["time"]]
    return declared.with_measured(declared.measured[when == when.min()])


def one_unit(declared: Declared, rng: np.random.Generator) -> Declared | None:
    if "unit" not in declared.role:
        return None
    name = declared.role["unit"]
    return replace(declared, table=declared.table[declared.table[name] == declared.table[name].iloc[0]])


def no_common_support(declared: Declared, rng: np.random.Generator) -> Declared | None:
    if declared.design.kind not in ("weighting", "duration") or "covariate" not in declared.role:
        return None
    treated = declared.table[declared.role["treated"]]
    return put(declared, "covariate", lambda column: column * 0.01 + 10.0 * treated)


def cutoff_outside(declared: Declared, rng: np.random.Generator) -> Declared | None:
    return declared.with_design(cutoff=99.0) if isinstance(declared.design, Discontinuity) else None


def row_twice(declared: Declared, rng: np.random.Generator) -> Declared | None:
    """A row of the table stands in it twice; where pupils are the rows of schools that is no fault."""
    if declared.role.get("several_rows") or "unit" not in declared.role:
        return None
    measured = declared.measured
    return declared.with_measured(pd.concat([measured, measured.iloc[[3]]], ignore_index=True))


def person_twice(declared: Declared, rng: np.random.Generator) -> Declared | None:
    if "person" not in declared.role:
        return None
    again = declared.table.iloc[[3]]
    return replace(declared, table=pd.concat([declared.table, again], ignore_index=True))


ROLES = ("outcome", "unit", "time", "cluster", "treated", "covariate", "running", "event", "treatment", "stratum")
IMPOSSIBLE: dict[str, Break] = {
    "everybody treated": everybody_treated,
    "nobody treated": nobody_treated,
    "treated empty": lambda declared, rng: put(declared, "treated", lambda column: pd.Series(np.nan, column.index)),
    "treated text": of("treated", lambda column: column.astype("str")),
    "one time": one_time,
    "one unit": one_unit,
    "no rows": table(lambda measured: measured.iloc[:0]),
    "no common support": no_common_support,
    "cutoff outside": cutoff_outside,
    "row twice": row_twice,
    "person twice": person_twice,
    "outcome constant": of("outcome", lambda column: column * 0.0 + 1.0),
    "outcome empty": of("outcome", lambda column: column * np.nan),
    "outcome empty objects": of("outcome", lambda column: pd.Series(None, column.index, dtype=object)),
    "outcome text": of("outcome", lambda column: column.astype("str")),
    "outcome dates": of("outcome", lambda column: pd.Timestamp("2020-01-01") + pd.to_timedelta(column, unit="D")),
    "outcome durations": of("outcome", lambda column: pd.to_timedelta(column, unit="D")),
    "outcome complex": of("outcome", lambda column: column + 1j),
    "outcome lists": cell("outcome", [1, 2]),
    "outcome one word": cell("outcome", "много"),
    "outcome infinite": of("outcome", lambda column: column.where(np.arange(len(column)) != 3, np.inf)),
    "outcome minus infinite": of("outcome", lambda column: column.where(column < column.max(), -np.inf)),
    "covariate infinite": of("covariate", lambda column: column.where(np.arange(len(column)) != 3, np.inf)),
    "covariate complex": of("covariate", lambda column: column + 1j),
    "running text": of("running", lambda column: column.astype("str")),
    "running empty": of("running", lambda column: column * np.nan),
    "running infinite": of("running", lambda column: column.where(column < column.max(), np.inf)),
    "event text": of("event", lambda column: column.astype("str")),
    "event empty": of("event", lambda column: column * np.nan),
    "nobody had the event": of("event", lambda column: column != column),
    "nobody takes part": of("treatment", lambda column: column * 0),
    "take-up text": of("treatment", lambda column: column.astype("str")),
    "time text": of("time", lambda column: "y" + column.astype("str")),
    "unit missing": gap("unit"),
    "unit lists": cell("unit", ["a", "b"]),
    "cluster missing": gap("cluster"),
    "time missing": gap("time"),
    **{f"no column: {role}": dropped(role) for role in (*ROLES, "persons", "margin")},
}


def objects(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.astype(object)


def categories(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.apply(lambda column: column if pd.api.types.is_numeric_dtype(column) else column.astype("category"))


def both(change: Callable[[pd.DataFrame], pd.DataFrame]) -> Break:
    """All tables changed."""
    return lambda declared, rng: replace(
        declared, table=change(declared.table), months=None if declared.months is None else change(declared.months)
    )


DRESSED: dict[str, Break] = {
    "nullable types": both(lambda frame: frame.convert_dtypes()),
    "arrow types": both(lambda frame: frame.convert_dtypes(dtype_backend="pyarrow")),
    "categories": both(categories),
    "objects": both(objects),
    "one index for all": both(lambda frame: frame.set_axis(np.zeros(len(frame), dtype=int))),
    "index of words": both(lambda frame: frame.set_axis([f"r{n % 7}" for n in range(len(frame))])),
    "index of two levels": both(lambda frame: frame.set_index(frame.columns[0], drop=False, append=True)),
    "columns turned round": both(lambda frame: frame[frame.columns[::-1]]),
    "treated as numbers": of("treated", lambda column: column.astype(float)),
    "outcome as decimals": of("outcome", lambda column: column.map(lambda v: decimal.Decimal(repr(float(v))))),
    "outcome with pandas' gaps": of("outcome", lambda column: column.astype("Float64")),
    "unit as categories": of("unit", lambda column: column.astype(pd.CategoricalDtype(sorted({*column, "none"})))),
    "cluster as categories": of("cluster", lambda column: column.astype("category")),
    "unit as bytes": of("unit", lambda column: column.map(lambda name: str(name).encode())),
    "time as small numbers": of("time", lambda column: column.astype("int16")),
    "time as reals": of("time", lambda column: column.astype(float)),
}


def half(declared: Declared, rng: np.random.Generator) -> Declared:
    measured = declared.measured
    return declared.with_measured(measured[rng.random(len(measured)) < 0.5])


def few(declared: Declared, rng: np.random.Generator) -> Declared:
    return declared.with_measured(declared.measured.sample(12, random_state=int(rng.integers(1000))))


def gaps(declared: Declared, rng: np.random.Generator) -> Declared | None:
    lost = float(rng.choice([0.05, 0.4, 0.95]))
    return put(declared, "outcome", lambda column: column.where(rng.random(len(column)) >= lost))


def settings_moved(**choices: object) -> Break:
    """Settings of the design that it has, set to these values."""

    def change(declared: Declared, rng: np.random.Generator) -> Declared | None:
        mine = {name: value for name, value in choices.items() if hasattr(declared.design, name)}
        return declared.with_design(**mine) if mine else None

    return change


def outcome_settings(**choices: object) -> Break:
    return lambda declared, rng: replace(declared, outcome=declared.outcome.model_copy(update=choices))


def by_chance(role: str) -> Break:
    return lambda declared, rng: put(declared, role, lambda c: pd.Series(rng.random(len(c)) < 0.5, c.index))


def words(column: pd.Series) -> pd.Series:
    return pd.Series(["x", 1, None, 2.5] * len(column), dtype=object).head(len(column)).set_axis(column.index)


ODD: dict[str, Break] = {
    "half the rows": half,
    "a dozen rows": few,
    "outcome with gaps": gaps,
    "outcome huge": of("outcome", lambda column: column * 1e300),
    "outcome large": of("outcome", lambda column: column * 1e150),
    "outcome tiny": of("outcome", lambda column: column * 1e-300),
    "outcome denormal": of("outcome", lambda column: column * 1e-320),
    "outcome far from zero": of("outcome", lambda column: column + 1e15),
    "outcome whole numbers": of("outcome", lambda column: column.fillna(0).round().astype("int64")),
    "outcome yes or no": of("outcome", lambda column: column > column.median()),
    "outcome one exception": of("outcome", lambda column: pd.Series(np.arange(len(column)) == 5, column.index) * 1.0),
    "outcome negative": of("outcome", lambda column: -column.abs()),
    "outcome is the treatment": lambda declared, rng: (
        put(declared, "outcome", lambda column: declared.table[declared.role["treated"]] * 1.0)
        if "treated" in declared.role and declared.months is None else None
    ),
    "treated other numbers": of("treated", lambda column: column * 2),
    "treated with a gap": gap("treated"),
    "treated by words": of("treated", lambda column: column.map({True: "да", False: "не"})),
    "treated by chance": by_chance("treated"),
    "one treated": of("treated", lambda column: pd.Series(np.arange(len(column)) == 0, column.index)),
    "one not treated": of("treated", lambda column: pd.Series(np.arange(len(column)) != 0, column.index)),
    "start minus infinite": of("treated", lambda column: column.astype(float).where(column == 1, -np.inf)),
    "covariate empty": of("covariate", lambda column: column * np.nan),
    "covariate with gaps": of("covariate", lambda column: column.where(np.arange(len(column)) % 3 > 0)),
    "covariate one value": of("covariate", lambda column: column * 0),
    "covariate huge": of("covariate", lambda column: column * 1e300),
    "covariate tiny": of("covariate", lambda column: column * 1e-300),
    "covariate mixed": of("covariate", words),
    "covariate a name each": of("covariate", lambda column: pd.Series(range(len(column)), column.index).astype("str")),
    "covariate dates": of("covariate", lambda column: pd.Timestamp("2020-01-01") + pd.to_timedelta(column, unit="D")),
    "covariate lists": cell("covariate", [1, 2]),
    "covariate is the treatment": lambda declared, rng: (
        put(declared, "covariate", lambda column: declared.table[declared.role["treated"]])
        if "treated" in declared.role else None
    ),
    "unit mixed": of("unit", lambda column: column.where(np.arange(len(column)) % 2 > 0, 7)),
    "unit with dates": cell("unit", datetime.date(2020, 1, 1)),
    "cluster mixed": cell("cluster", datetime.date(2020, 1, 1)),
    "cluster lists": cell("cluster", [1]),
    "one cluster": of("cluster", lambda column: pd.Series("g", column.index)),
    "three clusters": of("cluster", lambda column: column.map(lambda name: f"c{hash_of(name) % 3}")),
    "a cluster each": of("cluster", lambda column: pd.Series(range(len(column)), column.index)),
    "stratum each": of("stratum", lambda column: pd.Series(range(len(column)), column.index)),
    "stratum with a gap": gap("stratum"),
    "time as dates": of("time", lambda column: pd.to_datetime(column.astype("int64") + 3000, unit="D")),
    "time as periods": of("time", lambda column: pd.PeriodIndex.from_ordinals(column.astype("int64"), freq="Y")),
    "time in halves": of("time", lambda column: column + 0.5 * (np.arange(len(column)) % 2)),
    "time huge": of("time", lambda column: column * 1e300),
    "time infinite": of("time", lambda column: column.astype(float).where(column > column.min(), -np.inf)),
    "time words": cell("time", "2019/2020"),
    "time from one": of("time", lambda column: column + 1),
    "running one value": of("running", lambda column: column * 0),
    "running steps": of("running", lambda column: column.round()),
    "running huge": of("running", lambda column: column * 1e300),
    "event to everybody": of("event", lambda column: column == column),
    "event by words": of("event", lambda column: column.map({True: "да", False: "не"})),
    "event with a gap": gap("event"),
    "take-up with a gap": gap("treatment"),
    "take-up by all": of("treatment", lambda column: column * 0 + 1),
    "take-up huge": of("treatment", lambda column: column * 1e200),
    "take-up not moved": by_chance("treatment"),
    "people negative": of("persons", lambda column: -column),
    "people in parts": of("persons", lambda column: column + 0.5),
    "people with a gap": gap("persons"),
    "margin with a gap": gap("margin"),
    "margins do not add up": settings_moved(margins={"place": {"north": 0.6, "south": 0.9}}),
    "a margin is negative": settings_moved(margins={"place": {"north": 1.6, "south": -0.6}}),
    "a margin is not there": settings_moved(margins={"place": {"north": 0.6, "east": 0.4}}),
    "starts before the data": settings_moved(start=1900, horizon=1e-9, bandwidth=1e-9, cutoff=0.1),
    "starts after the data": settings_moved(start=3000, horizon=1e9, bandwidth=1e9, cutoff=-0.1),
    "cutoff not a number": settings_moved(cutoff=float("nan"), horizon=float("inf")),
    "leaves out all times": settings_moved(exclude_times_sensitivity=list(range(2018, 2023))),
    "leaves out the times before": settings_moved(exclude_times_sensitivity=[2018, 2019, 2020]),
    "covariate twice": lambda declared, rng: (
        declared.with_design(covariates=[*declared.design.covariates, *declared.design.covariates])
        if getattr(declared.design, "covariates", []) else None
    ),
    "unknown population": outcome_settings(populations=["nobody"]),
    "population of words": outcome_settings(populations=["place", "all"]),
    "unknown participation": outcome_settings(participation="nothing"),
    "participation of words": outcome_settings(participation="place"),
    "columns twice": table(lambda measured: pd.concat([measured, measured[["y"]]], axis=1)),
}  # fmt: skip


def hash_of(name: object) -> int:
    """The same in every process, unlike hash()."""
    return sum(str(name).encode())
