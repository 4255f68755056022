"""What may be typed into one column of a template: its check in Excel, and the words that explain it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from analysis.study import RegisterField, load_codes
from analysis.texts import has_text, text

LANGUAGE = "bg"
PROMPT_LIMIT, TITLE_LIMIT = 250, 32  # Excel's own
EXCEL_DAY_ZERO = date(1899, 12, 30)
DATES = (date(1900, 3, 1), date(2099, 12, 31))
YEARS, GRADES = (2000, 2099), (-6, 32)
WIDEST = 10**12
WIDTHS = {"text": 30, "code": 26, "personal": 18, "identifier": 15, "date": 14, "birth_date": 14}
FORMATS = {"date": "dd.mm.yyyy", "birth_date": "dd.mm.yyyy", "number": "General", "integer": "0", "grade": "0",
           "school_year": "0"}  # fmt: skip
Requirement = Literal["yes", "column", "no", "optional"]


@dataclass(frozen=True)
class Choice:
    """A list to choose from: its texts, and the column of the sheet of lists in which they stand (1-based)."""

    name: str
    texts: tuple[str, ...]
    place: int
    sheet: str

    @property
    def formula(self) -> str:
        letter = get_column_letter(self.place)
        return f"'{self.sheet}'!${letter}$2:${letter}${len(self.texts) + 1}"


@dataclass(frozen=True)
class TemplateColumn:
    """One column: ``options``: the texts that may be chosen; ``is_open``: others may be typed too, after a warning."""

    caption: str
    kind: str
    requirement: Requirement
    meaning: str
    options: tuple[str, ...] = ()
    list_name: str = ""
    is_open: bool = False
    minimum: float | None = None
    maximum: float | None = None
    width_in_columns: int = 1
    any_number: bool = False

    @property
    def is_required(self) -> bool:
        return self.requirement in ("yes", "column")

    @property
    def width(self) -> float:
        return max(WIDTHS.get(self.kind, 16), min(30, len(self.caption) * 0.7))

    @property
    def number_format(self) -> str:
        """Text for everything that is not a number or a date, so that Excel drops no leading zero."""
        return "0" if self.width_in_columns > 1 else FORMATS.get(self.kind, "@")

    @property
    def allowed(self) -> str:
        """What may stand in a cell, in words: the choices, the bounds, or the form."""
        if self.options:
            return "; ".join(self.options)
        if self.minimum is not None or self.maximum is not None:
            low, high = _number(self.minimum), _number(self.maximum)
            return text("templates.bounds", LANGUAGE, low=low, high=high)
        key = f"templates.form.{self.kind}"
        return text(key, LANGUAGE) if has_text(key) else "–"

    def checks(self, lists: dict[str, Choice]) -> list[DataValidation | None]:
        """The checks of its Excel columns, one for each part of a date in parts."""
        if self.width_in_columns > 1:
            return [_between("whole", *bounds) for bounds in ((1990, 2099), (1, 12), (1, 31))]
        check = self._check(lists)
        if check is not None:
            check.allow_blank = True
            check.promptTitle = self.caption[:TITLE_LIMIT]
            needed = text(f"templates.required.{self.requirement}", LANGUAGE)
            check.prompt = f"{self.meaning} {text('templates.guide.required', LANGUAGE)}: {needed}"[:PROMPT_LIMIT]
            check.showInputMessage = True
        return [check]

    def _check(self, lists: dict[str, Choice]) -> DataValidation | None:
        low, high = self.minimum, self.maximum
        if self.options:
            return self._of_list(lists[self.list_name])
        match self.kind:
            case "date" | "birth_date":
                first, last = ((day - EXCEL_DAY_ZERO).days for day in DATES)
                return _between("date", first, last, told="date")
            case "integer" | "number":
                kind = "whole" if self.kind == "integer" else "decimal"
                return _between(kind, -WIDEST if low is None else low, WIDEST if high is None else high)
            case "school_year":
                return _between("whole", *YEARS, told="school_year")
            case "grade":
                return _between("whole", *GRADES, told="grade")
            case "school_code":
                return _between("textLength", 7, 7, told="school_code")
            case "identifier":
                fewest, most = (3, 20) if self.any_number else (10, 10)
                return _between("textLength", fewest, most, told="identifier")
            case "employer":
                return _between("textLength", 9, 13, told="employer")
        return None

    def _of_list(self, choice: Choice) -> DataValidation:
        check = DataValidation(type="list", formula1=choice.formula)
        _tell(check, "list_open" if self.is_open else "list", is_warning=self.is_open)
        return check


def _between(kind: str, low: float, high: float, told: str = "") -> DataValidation:
    check = DataValidation(type=kind, operator="between", formula1=f"{low:g}" if abs(low) < 1e5 else str(int(low)),
                           formula2=f"{high:g}" if abs(high) < 1e5 else str(int(high)))  # fmt: skip
    _tell(check, told or kind, low=_number(low), high=_number(high))
    return check


def _tell(check: DataValidation, told: str, is_warning: bool = False, **params: str) -> None:
    """What Excel says when something else is typed."""
    check.errorStyle = "warning" if is_warning else "stop"
    check.errorTitle = text("templates.error.title", LANGUAGE)
    check.error = text(f"templates.error.{told}", LANGUAGE, **params)[:PROMPT_LIMIT]
    check.showErrorMessage = True


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return ("∞" if value > 0 else "-∞") if abs(value) >= WIDEST else f"{value:g}".replace(".", ",")


def template_column(field: RegisterField) -> TemplateColumn:
    """The column of one field of a register."""
    list_name = field.codes or (field.kind if field.kind in ("boolean", "id_type") else "")
    kind = "code" if list_name and field.kind != "boolean" else field.kind
    return TemplateColumn(
        caption=field.header or field.name,
        kind=kind,
        requirement=_requirement(field),
        meaning=text(f"templates.kind.{'parts' if field.parts > 1 else field.kind}", LANGUAGE),
        options=_options(list_name),
        list_name=list_name,
        is_open=field.other,
        minimum=field.minimum,
        maximum=field.maximum,
        width_in_columns=field.parts,
        any_number=field.type_field is not None,
    )


def _requirement(field: RegisterField) -> Requirement:
    if field.required:
        return "yes"
    return "column" if field.column_required else "optional" if field.optional else "no"


def _options(list_name: str) -> tuple[str, ...]:
    """One text a code, as a person writes it: the first that is not a number."""
    if not list_name:
        return ()
    return tuple(_spelled(code, texts) for code, texts in load_codes()[list_name].items())


def _spelled(code: str, texts: list[str]) -> str:
    if code.isascii() and code[:1].isupper():  # a code that people write as it is, such as R1; not its look-alike
        return code
    return next((one for one in texts if not one.lstrip("-").isdigit()), texts[0] if texts else code)


def choices_of(columns: list[TemplateColumn], sheet: str) -> dict[str, Choice]:
    """Every list that the columns need, each in a column of its own."""
    needed = {column.list_name: column.options for column in columns if column.options}
    return {name: Choice(name, options, at, sheet) for at, (name, options) in enumerate(needed.items(), 1)}


SHEET_COLUMNS: dict[str, list[tuple[str, str, Requirement]]] = {
    "schools": [("code", "school_code", "yes"), ("treated", "boolean", "yes"), ("treated_from", "school_year", "no"),
                ("stratum", "text", "no"), ("name_bg", "text", "no"), ("name_en", "text", "no")],
    "employers": [("employer_id", "employer", "yes"), ("name_bg", "text", "no"), ("name_en", "text", "no")],
    "deviations": [("place", "text", "yes"), ("what_bg", "text", "yes"), ("what_en", "text", "yes"),
                   ("why_bg", "text", "yes"), ("why_en", "text", "yes"), ("effect_bg", "text", "yes"),
                   ("effect_en", "text", "yes")],
}  # fmt: skip


def columns_of_sheet(name: str) -> list[TemplateColumn]:
    """The columns of a sheet of the study: its schools, the employers whose jobs the project paid, or the
    deviations from its plan."""
    return [
        TemplateColumn(
            caption=text(f"sheets.{name}.{column}", LANGUAGE),
            kind=kind,
            requirement=requirement,
            meaning=text(f"templates.{name}.{column}", LANGUAGE),
            options=_options("boolean") if kind == "boolean" else (),
            list_name="boolean" if kind == "boolean" else "",
        )
        for column, kind, requirement in SHEET_COLUMNS[name]
    ]
