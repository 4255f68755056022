"""Texts: what people read, and how numbers and dates look in each language."""

from analysis.texts.catalogue import TextMissing, has_text, rules_in_words, text
from analysis.texts.formats import day, money, number, p_value, percent, school_year

__all__ = [
    "TextMissing", "day", "has_text", "money", "number", "p_value", "percent", "rules_in_words", "school_year", "text",
]  # fmt: skip
