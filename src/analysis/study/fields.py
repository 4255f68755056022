"""One column of a table as it is declared, for the registers known by name and for a study's own tables alike."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from analysis.study.base import Settings

Kind = Literal[
    "identifier", "id_type", "personal", "text", "code", "boolean", "integer", "number", "date", "birth_date",
    "grade", "section", "school_code", "school_year", "employer", "respondent", "chosen",
]  # fmt: skip

NoAnswer = Literal["refused", "unknown"]

DTYPES = {
    "boolean": "boolean",
    "chosen": "boolean",
    "integer": "Int64",
    "grade": "Int64",
    "school_year": "Int64",
    "number": "float64",
    "date": "datetime64[ns]",
    "birth_date": "datetime64[ns]",
}


class RegisterField(Settings):
    """One column of a register, under our name for it.

    ``use``: keep it; drop it (read, not kept); check (used to check other columns, then dropped).
    ``parts``: the date is spread over so many columns (year, month, day) under one caption.
    Kind ``respondent`` is the code on a questionnaire, kept as a pseudonym; ``chosen`` whether an option is among those
    ticked, written in one cell or as 0 and 1 in a column of its own.
    """

    name: str
    kind: Kind
    header: str | None = None
    position: int | None = None
    from_file_name: bool = False
    required: bool = False
    column_required: bool = Field(False, description="a cell may be empty, but the file must have the column")
    optional: bool = Field(False, description="the whole column may be missing from the file")
    use: Literal["keep", "drop", "check"] = "keep"
    codes: str | None = None
    other: bool = Field(False, description="a text outside the code list becomes 'other' instead of a finding")
    type_field: str | None = None
    empty_means: str | None = None
    parts: int = 1
    minimum: float | None = None
    maximum: float | None = None
    no_answer: dict[NoAnswer, list[str]] = Field(
        {}, description="what the file writes where the question was not answered; read before anything else"
    )

    @property
    def unanswered(self) -> dict[str, list[str]]:
        """``no_answer`` with its reasons as plain text."""
        return {str(reason): texts for reason, texts in self.no_answer.items()}

    @property
    def dtype(self) -> str:
        """The pandas type of the cleaned values."""
        return DTYPES.get(self.kind, "str")

    @property
    def must_be_a_column(self) -> bool:
        """Whether a file without this column is refused: without it, absence would be read as a fact."""
        return self.required or self.column_required


class Rule(Settings):
    """A rule over a whole row: ``date_order`` (first <= second) or ``date_within`` (from <= column <= to)."""

    rule: Literal["date_order", "date_within"]
    first: str | None = None
    second: str | None = None
    column: str | None = None
    start: str | None = Field(None, alias="from")
    end: str | None = Field(None, alias="to")
