"""Fictitious persons whose personal numbers are invalid by construction (check digit five off the right one)."""

from __future__ import annotations

from dataclasses import dataclass

EGN_WEIGHTS = (2, 4, 8, 5, 10, 9, 7, 3, 6)
LNCH_WEIGHTS = (21, 19, 17, 13, 11, 9, 7, 3, 1)
OFFSET = 5


def egn_digit(stem: str) -> int:
    return sum(int(digit) * weight for digit, weight in zip(stem, EGN_WEIGHTS, strict=True)) % 11 % 10


def lnch_digit(stem: str) -> int:
    return sum(int(digit) * weight for digit, weight in zip(stem, LNCH_WEIGHTS, strict=True)) % 10


def egn(year: int, month: int, day: int, female: bool) -> str:
    """The first number of that birth date and sex that no rule could take for a foreigner's number."""
    shown = month + 40 if year >= 2000 else month
    for serial in range(844, 870):
        stem = f"{year % 100:02}{shown:02}{day:02}{serial}"
        digit = (egn_digit(stem) + OFFSET) % 10
        as_lnch = (digit - lnch_digit(stem)) % 10
        if int(stem[8]) % 2 == female and as_lnch not in (0, OFFSET):
            return f"{stem}{digit}"
    raise ValueError("no such number")


def lnch(stem: str) -> str:
    """A foreigner's number of the demonstration, from nine digits that hold no date."""
    return f"{stem}{(lnch_digit(stem) + OFFSET) % 10}"


def misprinted(number: str) -> str:
    """The number with a last digit that fits neither rule, genuine or of the demonstration."""
    stem = number[:9]
    wrong = {(digit(stem) + shift) % 10 for digit in (egn_digit, lnch_digit) for shift in (0, OFFSET)}
    return stem + min(str(digit) for digit in range(10) if digit not in wrong)


@dataclass(frozen=True)
class Person:
    number: str
    first: str
    middle: str
    last: str
    sex: str


ADULTS = (
    Person(egn(1980, 1, 1, True), "Зорница", "Петрова", "Калинкова", "жена"),
    Person(egn(1975, 11, 30, False), "Огнян", "Стоев", "Варадинков", "мъж"),
    Person(egn(2003, 5, 17, True), "Ружа", "Илиева", "Момчева-Бистрева", "жена"),
    Person(egn(1991, 8, 9, False), "Хасан", "Мехмед", "Юмерски", "мъж"),
    Person(egn(1988, 2, 29, True), "Любка", "Асенова", "Тополчева", "жена"),
    Person(egn(1966, 7, 4, False), "Асен", "Янков", "Ряхков", "мъж"),
)
PUPILS = (
    Person(egn(2009, 3, 12, True), "Виолета", "Динева", "Калпакчиева", "жена"),
    Person(egn(2009, 10, 2, False), "Симеон", "Русев", "Гърбачков", "мъж"),
    Person(egn(2010, 6, 25, True), "Айше", "Хасан", "Дерменджиева", "жена"),
    Person(egn(2008, 12, 31, False), "Божидар", "Милев", "Щъркелов", "мъж"),
    Person(egn(2007, 4, 1, True), "Ралица", "Цонева", "Въжарова", "жена"),
    Person(egn(2010, 1, 19, False), "Ангел", "Савов", "Чобанков", "мъж"),
)
FOREIGNER = lnch("100384756")
EVERYBODY = (*ADULTS, *PUPILS)


def employer(stem: str) -> str:
    """Nine digits of a fictitious employer: eight and the check digit of the register of companies."""
    for first in (1, 3):
        digit = sum(int(d) * weight for weight, d in enumerate(stem, first)) % 11
        if digit < 10:
            return f"{stem}{digit}"
    return f"{stem}0"
