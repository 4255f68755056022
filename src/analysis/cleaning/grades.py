"""Grades (випуск) and class sections (паралелка) in the many ways schools write them.

Grades I–XIII are 1–13; the register's codes of pre-school groups (negative) and mixed groups (21 to 32) stay as coded.
"""

from __future__ import annotations

import re

from analysis.cleaning.cell import Parsed
from analysis.cleaning.look_alikes import DASHES, QUOTES, ROMAN_LETTERS, TO_CYRILLIC, TO_ROMAN, comparable, fold

CODES = {*range(-6, 0), *range(1, 14), 21, 22, 25, 27, 28, 29, 32}
ROMAN = dict(zip(re.findall(r"\w+", "I II III IV V VI VII VIII IX X XI XII XIII"), range(1, 14), strict=True))
MERGED = {"I-IV": 22, "V-VII": 27, "VIII-X": 28, "XI-XII": 29}
GROUPS = {"ясл": -5, "първ": -4, "втор": -3, "трет": -2, "четвърт": -1}
STEMS = [
    ("едина", 11), ("двана", 12), ("първ", 1), ("втор", 2), ("трет", 3), ("четвърт", 4), ("пет", 5), ("шест", 6),
    ("седм", 7), ("осм", 8), ("девет", 9), ("десет", 10),
]  # fmt: skip
ORDINAL = "първ|втор|трет|четвърт|пет|шест|седм|осм|девет|десет|единадесет|единайсет|дванадесет|дванайсет"
SECTION = r"(?:[ .\-]*[а-яa-z])?"
NUMBER = re.compile(
    rf"([+-]?[0-9]{{1,2}})(?:[.,]0+)?\.?(?:-?(?:ти|ви|ри|ми|ма))?(?: ?кл(?:ас)?\.?)?{SECTION}", re.IGNORECASE
)
ROMAN_GRADE = re.compile(rf"([IVX]+)\.?(?:-?(?:ти|ви|ри|ми))?(?: ?кл(?:ас)?\.?)?{SECTION}", re.IGNORECASE)
ROMAN_BEFORE_LETTER = re.compile(rf"^(?:{ROMAN_LETTERS.pattern})(?=[ .\-]*[^\W\d_]$)")
WORD = re.compile(rf"((?:{ORDINAL}))(?:и|а|о|ви|ва)?(?: клас)?(?: [а-я])?")
GROUP = re.compile(r"(ясл|първ|втор|трет|четвърт)[а-я]* група")
MONTH = "(?:яну|фев|мар|апр|май|юни|юли|авг|сеп|окт|ное|дек|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
BECAME_DATE = re.compile(
    rf"[0-9]{{1,2}}[-. /]{MONTH}[^\W\d_]*\.?|{MONTH}[^\W\d_]*\.?[-. /][0-9]{{1,2}}"
    r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*|[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{2,4}.*|[34][0-9]{4}",
    re.IGNORECASE,
)
GRADE = rf"(?:[0-9]{{1,2}}|[IVX]+(?:-[IVX]+)?|(?:{ORDINAL})[иаоя])"
WITH_GRADE = re.compile(rf"(?:паралелка )?{GRADE}(?:-?(?:ти|ви|ри|ми))?(?: клас)?[ .\-]*([^\W\d_IVX])", re.IGNORECASE)


def parse_grade(text: str) -> Parsed:
    """A grade: 5, 5.0, V, ІХ in Cyrillic letters, "V клас", "5-ти а", "четвърта"; never one that Excel made a date."""
    plain = _plain(text)
    if BECAME_DATE.fullmatch(plain):
        return Parsed(rule="grade_became_date")
    if plain.upper() in MERGED:
        return Parsed(MERGED[plain.upper()])
    if match := NUMBER.fullmatch(plain):
        return Parsed(int(match[1])) if int(match[1]) in CODES else Parsed(rule="bad_grade")
    if (match := ROMAN_GRADE.fullmatch(plain)) and match[1].upper() in ROMAN:
        return Parsed(ROMAN[match[1].upper()])
    words = comparable(text)
    if match := GROUP.fullmatch(words):
        return Parsed(GROUPS[match[1]])
    if match := WORD.fullmatch(words):
        return Parsed(next(grade for stem, grade in STEMS if match[1].startswith(stem)))
    return Parsed(rule="bad_grade")


def parse_section(text: str) -> Parsed:
    """A section: the letter in upper-case Cyrillic, with or without the grade before it, else the name as written.

    What Excel made a date is no section.
    """
    plain = _plain(text)
    if BECAME_DATE.fullmatch(plain):
        return Parsed(rule="grade_became_date")
    match = WITH_GRADE.fullmatch(plain)
    letter = match[1] if match else plain
    if len(letter) == 1:
        return Parsed(letter.translate(TO_CYRILLIC).upper().translate(TO_CYRILLIC))
    return Parsed(plain or None)


def _plain(text: str) -> str:
    """Without quotes and needless blanks, each word in one script; a Roman grade in ASCII also before its letter."""
    words = DASHES.sub("-", QUOTES.sub("", fold(text)))
    words = re.sub(r"\s+", " ", re.sub(r"\s*-\s*", "-", words)).strip()
    return ROMAN_BEFORE_LETTER.sub(lambda roman: roman.group().translate(TO_ROMAN), words)
