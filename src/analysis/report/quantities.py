"""How one number of a result is printed: by its unit, by what kind of number it is, and by language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from babel import Locale

from analysis.report.results import Result
from analysis.texts import number, p_value, percent, text
from analysis.texts.formats import NBSP

DIFFERENCES = {
    "alternative",
    "benchmark",
    "effect",
    "effect_without_pandemic",
    "effect_participants",
    "effect_adjusted",
    "as_published",
    "published",
    "event",
    "monthly",
    "after_exit",
    "naive",
    "naive_participants",
    "raw_difference",
    "lock_in",
    "months_worked",
    "change",
    "differential_attrition",
    "bandwidth",
    "placebo",
    "first_stage",
    "take_up_jump",
    "incidence",
    "variant",
    "leave_one_out",
    "honest_bound",
    "without_cluster",
    "placebo_date",
    "extended_two_way",
    "pseudo_outcome",
    "undetected_drift",
    "two_way_fixed_effects",
    "interaction",
    "pooled",
    "specification",
    "specification_range",
    "dose",
    "dose_trend",
    "spill_over",
    "pooled_part",
    "placebo_gap",
    "window",
    "lee_bounds",
    "imputed",
}
SIZES = {"undetected_drift"}  # a drift may go either way
P_VALUES = {"p", "p_wild", "p_randomisation"}
COUNTS = {"n", "n_treated", "clusters", "clusters_treated"}
LIMITS = {"ci_low", "ci_high", "band_low", "band_high"}
UNSIGNED = {"se", "mde", "baseline"}
DIGITS = {
    "share": 1,
    "hours": 1,
    "months": 1,
    "sd": 2,
    "count": 0,
    "points": 2,
    "bgn": 0,
    "coefficient": 2,
    "ratio": 2,
    "log": 3,
    "take_up": 2,
}
MISSING = "–"


Decimals = Mapping[str, int]  # unit -> digits after the point, for units of a study's own


@dataclass(frozen=True)
class Quantity:
    """A printed number and the unit that belongs behind it (``pp``, ``hours`` ...; empty when the text says it all)."""

    text: str
    unit: str = ""


def quantity(row: Result, field: str, language: str, signed: bool = True, own: Decimals | None = None) -> Quantity:
    """The number in ``field`` as it is printed; ``signed=False`` prints its size, for "lower by 2.8"."""
    digits = {**DIGITS, **(own or {})}
    unit = unit_of(row)
    if not row.has(field):
        return Quantity(MISSING)
    value, signed = getattr(row, field), signed and row.measure not in SIZES
    if field in P_VALUES or (row.unit == "p" and field == "estimate"):
        return Quantity(p_value(value, language))
    if field in COUNTS:
        return Quantity(number(value, language))
    if field == "df":
        return Quantity(number(value, language, 1))
    is_difference = row.measure in DIFFERENCES and field != "baseline"
    if field == "estimate" and row.verdict == "shown" and is_difference and unit != "count":
        return _fine(value if signed else abs(value), unit, language, signed, digits)
    return _measured(value if signed else abs(value), unit, is_difference, field, language, signed, digits)


def unit_of(row: Result) -> str:
    """The unit of a row; a change in take-up that is not a share is in units of take-up, and no count of people."""
    return "take_up" if (row.measure, row.unit) == ("first_stage", "count") else row.unit


def _measured(
    value: float, unit: str, is_difference: bool, field: str, language: str, signed: bool, digits: Decimals
) -> Quantity:
    sign = is_difference and signed and field not in UNSIGNED
    if field in LIMITS and unit != "count":
        return _fine(value, unit, language, sign, digits)
    if unit == "share" and not is_difference:
        return Quantity(percent(value, language))
    if unit == "share":
        return Quantity(number(100 * value, language, 1, sign=sign), "pp")
    if unit == "sd":
        return Quantity(number(value, language, 2, sign=sign or not is_difference), "sd" if is_difference else "")
    return Quantity(number(value, language, digits.get(unit, 1), sign=sign), "" if unit == "count" else unit)


def _fine(value: float, unit: str, language: str, sign: bool, digits: Decimals) -> Quantity:
    """A shown effect or an end of an interval: so many decimals (at most three) that one beside zero is not "0.0"."""
    value = 100 * value if unit == "share" else value
    places = digits.get(unit, 1)
    while places < 3 and value != 0 and abs(value) < 0.5 * 10**-places:
        places += 1
    return Quantity(number(value, language, places, sign=sign), "pp" if unit == "share" else unit)


def unit_word(shown: Quantity, language: str) -> str:
    """The unit in full, agreeing with the printed number: ``процентни пункта``, ``hours``; empty without a unit."""
    if not shown.unit:
        return ""
    return text(f"labels.units.{shown.unit}", language, count=_printed(shown.text, language))


def short_unit(unit: str, language: str, is_difference: bool = True) -> str:
    """The unit for a column head or an axis."""
    name = {"share": "pp" if is_difference else "percent"}.get(unit, unit)
    return text(f"labels.short_units.{name}", language)


def counted(count: int, noun: str, language: str) -> str:
    """A whole number with its noun: ``1 училище``, ``21 училища``, ``2 schools``."""
    return f"{number(count, language)}{NBSP}{text(f'labels.nouns.{noun}', language, count=count)}"


def plural_form(shown: str, language: str) -> str:
    return Locale(language).plural_form(_printed(shown, language))


def _printed(shown: str, language: str) -> Decimal:
    plain = shown.replace(NBSP, "").replace("\u2212", "").replace("+", "")
    plain = plain.replace(",", ".") if language == "bg" else plain.replace(",", "")
    return Decimal(plain)
