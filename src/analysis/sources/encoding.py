"""Which letters the bytes of a text file stand for: byte-order mark, strict UTF-8, then the declared or usual code
pages.

A Cyrillic code page is believed only if the result reads like Bulgarian, a Western one where it is declared, or where
the Cyrillic letters would stand inside Latin words („Vermцgen“ for “Vermögen”). Text that went through the wrong code
page once („РЈСЃРї…“, „Óñï…“) is mended when every byte can be recovered, and refused otherwise.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field

from analysis.sources.tables import Refused, Remark

USUAL = ["windows-1251"]
WESTERN_USUAL = "windows-1252"
SAMPLE = 200_000
MOST_SHOWN = 20
BULGARIAN = "абвгдежзийклмнопрстуфхцчшщъьюя"
LETTERS = frozenset(BULGARIAN + BULGARIAN.upper())
VOWELS = frozenset("аеиоуъюяАЕИОУЪЮЯ")
NEUTRAL = frozenset("№„“”«»‘’–—…•§°€±­\u00a0ѝЍыэёЫЭЁіІ")
CYRILLIC_RUNS = re.compile("[\u0400-\u04ff]+")
INSIDE_LATIN = re.compile("(?<=[A-Za-z])[\u0400-\u04ff]+|[\u0400-\u04ff]+(?=[A-Za-z])")
UTF8_WORD = re.compile(rb"(?:[\xd0\xd1][\x80-\xbf]){4}")  # four Cyrillic letters; in windows-1251 no word looks so
CONTROLS = re.compile("[\x00-\x08\x0e-\x19\x1b-\x1f\x7f]")
ASCII = re.compile("[\x00-\x7f]+")
WESTERN = re.compile("[À-ÿ]")
WESTERN_RUNS = re.compile("[À-ÿ]{2,}")
MARKS = [
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
]


@dataclass(frozen=True)
class Decoded:
    """Text, the encoding it was read by, and what had to be guessed or mended."""

    text: str
    encoding: str
    remarks: list[Remark] = field(default_factory=list)


def decode(content: bytes, declared: list[str] | None = None) -> Decoded:
    """The text in ``content``; Refused when the bytes are no text, or text whose letters cannot be known."""
    content = content.rstrip(b"\x1a")
    for mark, encoding in MARKS:
        if content.startswith(mark):
            return _sound(_strictly(content[len(mark) :], encoding), encoding)
    if b"\0" in content:
        return _without_mark(content)
    try:
        return _sound(content.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        return _by_code_page(content, declared or [], error.start)


def _strictly(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise Refused("reading.encoding_damaged", encoding=encoding.upper(), byte=str(error.start + 1)) from None


def _without_mark(content: bytes) -> Decoded:
    """UTF-16 without its mark: one of the two byte orders gives common letters, the other gives nonsense."""
    for encoding in ("utf-16-le", "utf-16-be"):
        text = content.decode(encoding, errors="replace")
        sample = text[:SAMPLE]
        common = sum(c in "\t\r\n" or " " <= c <= "~" or c in LETTERS or c in NEUTRAL for c in sample)
        if len(content) % 2 == 0 and sample and common >= 0.95 * len(sample):
            decoded = _sound(_strictly(content, encoding), encoding)
            return Decoded(decoded.text, encoding, [_guessed(encoding), *decoded.remarks])
    raise Refused("reading.not_text")


def _by_code_page(content: bytes, declared: list[str], first_bad: int) -> Decoded:
    for encoding in [*declared, *USUAL]:
        try:
            text, strays = _line_by_line(content, encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        if not _is_binary(text) and _is_believed(text, encoding, declared):
            mixed = (
                [Remark("reading.encoding_mixed", {"encoding": encoding.upper(), "lines": strays})] if strays else []
            )
            return Decoded(text, encoding, [*([] if encoding in declared else [_guessed(encoding)]), *mixed])
    if _is_binary(content.decode("latin-1")):
        raise Refused("reading.not_text")
    if stands_inside_latin(content.decode(USUAL[0], errors="replace")):
        with suppress(UnicodeDecodeError):
            return Decoded(content.decode(WESTERN_USUAL), WESTERN_USUAL, [_guessed(WESTERN_USUAL)])
    line = content.count(b"\n", 0, first_bad) + 1
    raise Refused("reading.encoding_unknown", line=str(line))


def _is_believed(text: str, encoding: str, declared: list[str]) -> bool:
    """A declared code page without Cyrillic letters is taken at its word; any other must read like Bulgarian."""
    if encoding in declared and not CYRILLIC_RUNS.search(bytes(range(0xC0, 0x100)).decode(encoding, errors="ignore")):
        return True
    return reads_as_bulgarian(text) and not stands_inside_latin(text)


def _line_by_line(content: bytes, encoding: str) -> tuple[str, str]:
    """The text by a code page, but lines pasted in UTF-8 by UTF-8; with the numbers of those lines."""
    if not UTF8_WORD.search(content):
        return content.decode(encoding), ""
    lines = content.split(b"\n")
    pasted = {place: text for place, line in enumerate(lines) if (text := _as_utf8(line)) is not None}
    if len(pasted) > len(lines) / 2:
        return content.decode(encoding), ""
    texts = (pasted[place] if place in pasted else line.decode(encoding) for place, line in enumerate(lines))
    shown = [str(place + 1) for place in pasted]
    return "\n".join(texts), ", ".join([*shown[:MOST_SHOWN], "…"] if len(shown) > MOST_SHOWN else shown)


def _as_utf8(line: bytes) -> str | None:
    try:
        return line.decode("utf-8") if UTF8_WORD.search(line) else None
    except UnicodeDecodeError:
        return None


def _sound(text: str, encoding: str) -> Decoded:
    """Text from a Unicode file: no binary, and not the product of a wrong code page."""
    text = text.removeprefix("\ufeff")
    if _is_binary(text):
        raise Refused("reading.not_text")
    if not (went_through_cyrillic(text) or went_through_western(text)):
        return Decoded(text, encoding)
    mended = mend(text)
    if mended is None:
        raise Refused("reading.double_encoded")
    return Decoded(mended, encoding, [Remark("reading.encoding_repaired")])


def _guessed(encoding: str) -> Remark:
    return Remark("reading.encoding_guessed", {"encoding": encoding.upper()})


def _is_binary(text: str) -> bool:
    sample = text[:SAMPLE]
    return len(CONTROLS.findall(sample)) > len(sample) / 1000


def _counts(text: str) -> tuple[Counter[str], int, int]:
    """Characters beyond ASCII: how often each occurs, how many are Bulgarian letters, how many neither nor neutral."""
    counts = Counter(ASCII.sub("", text[:SAMPLE]))
    letters = sum(n for c, n in counts.items() if c in LETTERS)
    neutral = sum(n for c, n in counts.items() if c in NEUTRAL)
    return counts, letters, counts.total() - letters - neutral


def reads_as_bulgarian(text: str) -> bool:
    """Whether the letters beyond ASCII are Bulgarian ones, in proportions that words have."""
    counts, letters, strange = _counts(text)
    if strange > 0.1 * (letters + strange) or went_through_cyrillic(text):
        return False
    vowels = sum(counts[c] for c in VOWELS)
    return letters < 40 or 0.2 <= vowels / letters <= 0.65


def stands_inside_latin(text: str) -> bool:
    """Windows-1252 read as windows-1251: single Cyrillic letters inside Latin words, where accented ones stood."""
    sample = text[:SAMPLE]
    runs = CYRILLIC_RUNS.findall(sample)
    inside = len(INSIDE_LATIN.findall(sample))
    return len(runs) >= 2 and inside > 0.8 * len(runs) and sum(map(len, runs)) < 2 * len(runs)


def went_through_cyrillic(text: str) -> bool:
    """UTF-8 read as windows-1251: every other letter is „Р“ or „С“, the lead bytes of Cyrillic in UTF-8."""
    counts, _, _ = _counts(text)
    total = counts.total()
    return total >= 6 and counts["Р"] + counts["С"] > 0.4 * total


def went_through_western(text: str) -> bool:
    """Windows-1251 read as Latin-1: whole words of letters that in Western languages stand alone among others."""
    counts, letters, _ = _counts(text)
    western = len(WESTERN.findall(text[:SAMPLE]))
    inside = sum(len(run) for run in WESTERN_RUNS.findall(text[:SAMPLE]))
    return western >= 6 and western > 0.7 * counts.total() and letters == 0 and inside > 0.8 * western


def mend(text: str) -> str | None:
    """The text before it went through the wrong code page, if every character leads back to one byte; else None."""
    ways = [("cp1251", "utf-8")] if went_through_cyrillic(text) else [("latin-1", "cp1251"), ("cp1252", "cp1251")]
    for wrong, right in ways:
        try:
            mended = _back_to_bytes(text, wrong).decode(right)
        except UnicodeError:
            continue
        if reads_as_bulgarian(mended):
            return mended
    return None


def _back_to_bytes(text: str, encoding: str) -> bytes:
    """Like ``text.encode``, with the C1 control characters that programs put for bytes a code page leaves open."""
    try:
        return text.encode(encoding)
    except UnicodeEncodeError:
        return b"".join(c.encode("latin-1") if "\x80" <= c <= "\x9f" else c.encode(encoding) for c in text)
