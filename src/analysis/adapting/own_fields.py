"""A table that no register describes: its columns as fields of the study's own, their kinds guessed from the texts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from analysis.adapting.codes import FEWEST_CELLS, may_be_shown
from analysis.adapting.columns import FULL_NAME, Column, FoundTable
from analysis.adapting.likeness import is_personal_caption, known_captions
from analysis.adapting.names import transliterated, unique_name
from analysis.adapting.values import holds_contacts, holds_personal_numbers, share_read
from analysis.cleaning.codes import refusal
from analysis.sources.captions import fold
from analysis.study import RegisterField
from analysis.study.fields import Kind

Note = Literal["", "identifier", "personal", "free_text", "empty", "rare", "refusals"]
MOST_CODES = 20
TEXTS_A_CODE = 3  # rows to a code, on average, from which a text column is a coded one
NEARLY_ALL = 0.95
WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?:[.,]0+)?")
YES_AND_NO = {  # in the languages from which tables may come; Bulgarian and English are read without being told
    ("ja", "nein"), ("sí", "no"), ("si", "no"), ("oui", "non"), ("sim", "não"), ("evet", "hayır"), ("ναι", "όχι"),
    ("da", "nu"), ("tak", "nie"), ("да", "нет"),
}  # fmt: skip
BY_CAPTION: tuple[Kind, ...] = ("school_code", "school_year", "grade")


@dataclass(frozen=True)
class OwnField:
    """One column as a field; ``position``: 1-based place where the caption cannot tell the column; ``codes``: code ->
    texts; ``note``: what the person should know of it."""

    name: str
    kind: Kind
    header: str | None
    position: int | None = None
    use: Literal["keep", "drop"] = "keep"
    required: bool = False
    codes: dict[str, list[str]] = field(default_factory=dict)
    note: Note = ""
    column: Column | None = None


def own_fields(table: FoundTable) -> list[OwnField]:
    """A field for every column that has a caption or holds something."""
    folded = [fold(column.caption) for column in table.columns]
    fields: list[OwnField] = []
    for column in table.columns:
        if not column.captions and not column.texts:
            continue
        key = fold(column.caption)
        is_told_by_caption = bool(key) and folded.count(key) == 1
        place = None if is_told_by_caption else column.place + 1
        fields.append(_field(column, column.caption if is_told_by_caption else None, place, fields, table.rows))
    return fields


def _field(column: Column, header: str | None, place: int | None, before: list[OwnField], rows: int) -> OwnField:
    taken = {one.name for one in before}
    kind, use, note, codes = _kind(column)
    if kind == "identifier" and "person_id" not in taken:
        name = "person_id"
    else:
        name = unique_name(column.caption, taken, f"column_{column.place + 1}")
    is_key = rows > 0 and len(column.texts) == sum(column.texts.values()) == rows and use == "keep"
    required = is_key and kind in ("text", "integer", "identifier")
    return OwnField(name, kind, header, place, use, required, codes, note, column)


Guess = tuple[Kind, Literal["keep", "drop"], Note, dict[str, list[str]]]


def _kind(column: Column) -> Guess:
    """The kind of a column, whether it is kept, what to say of it, and its codes. People go before everything else."""
    if holds_personal_numbers(column) or (_is_captioned(column, "person_id") and _mostly_digits(column)):
        return "identifier", "keep", "identifier", {}
    if is_personal_caption(column.captions) or holds_contacts(column) or _holds_names(column):
        return "personal", "keep", "personal", {}
    if _is_captioned(column, "birth_date"):
        return "birth_date", "keep", "personal", {}
    if not column.texts:
        return "text", "drop", "empty", {}
    for kind in BY_CAPTION:
        if _is_captioned(column, kind) and _share(column, kind) >= NEARLY_ALL:
            return kind, "keep", "", {}
    return _kind_of_texts(column)


def _kind_of_texts(column: Column) -> Guess:
    answers = {text for text in column.texts if not refusal(text)} or set(column.texts)
    if len(answers) <= 2 and _share(column, "boolean") == 1:
        return "boolean", "keep", "", {}
    if (codes := _yes_and_no(answers)) is not None:
        return "boolean", "keep", "", codes
    if all(WHOLE.fullmatch(text) for text in answers):
        return "integer", "keep", "", {}
    if _share(column, "date") >= NEARLY_ALL and not any(text.replace(".", "").isdigit() for text in _shortest(answers)):
        return "date", "keep", "", {}
    if _share(column, "number") >= NEARLY_ALL and not _have_leading_zeros(answers):
        return "number", "keep", "", {}
    return _coded(column, answers) or _text(column)


def _shortest(texts: set[str]) -> list[str]:
    """Texts of five signs at most: days counted by a spreadsheet, which are numbers here."""
    return [text for text in texts if len(text) <= 5]


def _have_leading_zeros(texts: set[str]) -> bool:
    return any(re.fullmatch("0[0-9]+", text) for text in texts)


def _coded(column: Column, answers: set[str]) -> Guess | None:
    """A column of few texts that come back; those met too rarely to be shown are left for the person to add."""
    rows = sum(column.texts[text] for text in answers)
    if len(answers) > MOST_CODES or rows < TEXTS_A_CODE * len(answers):
        return None
    shown = sorted(text for text in answers if column.texts[text] >= FEWEST_CELLS and may_be_shown(text))
    codes: dict[str, list[str]] = {}
    for text in shown:
        codes[unique_name(text, codes, "code")] = [text]
    return ("code", "keep", "rare" if len(shown) < len(answers) else "", codes) if codes else None


def _text(column: Column) -> Guess:
    """Text: short marks without blanks are kept, sentences are not (they may tell of people)."""
    is_free = sum(" " in text or len(text) > 30 for text in column.texts) > 0.2 * len(column.texts)
    return ("text", "drop", "free_text", {}) if is_free else ("text", "keep", "", {})


def _yes_and_no(answers: set[str]) -> dict[str, list[str]] | None:
    """Two texts of which one is the other with „не“ before it, or which say yes and no in another language."""
    if len(answers) != 2:
        return None
    spelt = {text.casefold(): text for text in answers}
    pair = next((pair for pair in YES_AND_NO if set(pair) == set(spelt)), None)
    yes, no = (spelt[pair[0]], spelt[pair[1]]) if pair else sorted(answers, key=len)
    negated = {f"{word} {yes.casefold()}" for word in ("не", "not", "no")}
    if pair is None and no.casefold() not in negated:
        return None
    return {"true": [yes], "false": [no]} if all(map(may_be_shown, answers)) else None


def _share(column: Column, kind: Kind) -> float:
    return share_read(column, RegisterField(name=transliterated(column.caption) or "x", kind=kind)) or 0.0


def _is_captioned(column: Column, name: str) -> bool:
    known = {fold(text) for text in known_captions("", name)}
    return any(fold(text) in known for text in column.captions)


def _mostly_digits(column: Column) -> bool:
    return all(text.replace(".", "").isdigit() and len(text) >= 8 for text in column.texts)


def _holds_names(column: Column) -> bool:
    """Nearly all texts are two to four capitalised words: people, or places and firms, which nobody can tell apart."""
    named = sum(bool(FULL_NAME.fullmatch(text)) for text in column.texts)
    return bool(column.texts) and named >= 0.8 * len(column.texts)
