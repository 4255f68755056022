"""How like two captions are: 1 for the same, 0 for nothing in common."""

from __future__ import annotations

import difflib
import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from analysis.sources.captions import LOOK_ALIKES, fold
from analysis.study import Register, RegisterField
from analysis.texts.yaml_text import from_yaml

SAME, KNOWN, PLAIN, ABBREVIATED, UNBRACKETED = 1.0, 0.95, 0.93, 0.9, 0.88
BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
WORD = re.compile(r"[^\W_]+")
SHORTEST_STEM = 3
CLOSE_LETTERS = 0.75


@cache
def further_captions() -> dict[str, Any]:
    """The captions met beside the registers' own (captions.yml)."""
    content = from_yaml(Path(__file__).with_name("captions.yml").read_text(encoding="utf-8"))
    return {"everywhere": content["everywhere"], "registers": content["registers"], "personal": content["personal"]}


@cache
def known_captions(register: str, name: str) -> tuple[str, ...]:
    """Further captions of one column of a register; those of that register alone go before the general ones."""
    further = further_captions()
    own = further["registers"].get(register, {}).get(name)
    return tuple(own if own is not None else further["everywhere"].get(name, ()))


def caption_likeness(captions: tuple[str, ...], field: RegisterField, register: Register) -> float:
    """How like the captions of a column are to those of a field, the best of all pairs."""
    known = known_captions(register.register_name, field.name)
    return max((_best(caption, field.header or "", known) for caption in captions), default=0.0)


@lru_cache(maxsize=50_000)
def _best(caption: str, header: str, known: tuple[str, ...]) -> float:
    if header and fold(caption) == fold(header):
        return SAME
    if any(fold(caption) == fold(other) for other in known):
        return KNOWN
    return max((text_likeness(caption, other) for other in (header, *known) if other), default=0.0)


@lru_cache(maxsize=50_000)
def text_likeness(one: str, other: str) -> float:
    """Words in common, whatever stands in brackets, with abbreviations („док.“ for „документ“) and near spellings."""
    first, second = words(BRACKETED.sub(" ", one)), words(BRACKETED.sub(" ", other))
    if not first or not second:
        return 0.0
    if sorted(words(one)) == sorted(words(other)):
        return PLAIN
    if first == second:
        return UNBRACKETED
    left, shared = list(second), 0.0
    for word in first:
        found = max(left, key=lambda candidate: word_likeness(word, candidate), default="")
        if found and (how := word_likeness(word, found)) >= CLOSE_LETTERS:
            shared += how
            left.remove(found)
    by_words = ABBREVIATED * 2 * shared / (len(first) + len(second))
    by_letters = difflib.SequenceMatcher(None, "".join(first), "".join(second), autojunk=False).ratio()
    return max(by_words, 0.85 * by_letters if by_letters >= CLOSE_LETTERS else 0.0)


@lru_cache(maxsize=50_000)
def word_likeness(one: str, other: str) -> float:
    """1 for the same word, 0.9 when one begins the other (three letters at least), else by their letters."""
    if one == other:
        return 1.0
    short, long = sorted((one, other), key=len)
    if len(short) >= SHORTEST_STEM and long.startswith(short):
        return 0.9
    return difflib.SequenceMatcher(None, one, other, autojunk=False).ratio()


@lru_cache(maxsize=50_000)
def words(text: str) -> tuple[str, ...]:
    """The words of a text in small letters, look-alike Latin letters as Cyrillic ones."""
    return tuple(WORD.findall(text.casefold().translate(LOOK_ALIKES)))


def is_personal_caption(captions: tuple[str, ...]) -> bool:
    """Whether a caption promises names, addresses or the like."""
    known = {fold(caption) for caption in further_captions()["personal"]}
    return any(fold(caption) in known for caption in captions)
