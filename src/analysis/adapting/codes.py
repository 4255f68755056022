"""Texts of coded columns that the code list does not know, each with the code it is likest to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from analysis.adapting.columns import FULL_NAME, Column
from analysis.adapting.likeness import word_likeness, words
from analysis.adapting.matching import RegisterMatch
from analysis.adapting.values import PLAIN_SOURCE, looks_personal
from analysis.cleaning.booleans import ENGLISH
from analysis.cleaning.codes import CodeList, lookup, refusal, with_codes
from analysis.cleaning.identifiers import sex
from analysis.cleaning.kinds import parser_of
from analysis.cleaning.look_alikes import comparable
from analysis.study import RegisterField, load_codes

LIKE_ENOUGH, LIKE_OTHERS = 0.6, 0.8
FEWEST_CELLS = 3  # a text met less often may be about one person: it is counted, not shown
LONGEST = 80
MOST = 30
AGREE = 0.9


@dataclass(frozen=True)
class CodeProposal:
    """For one column: code -> its further texts.

    ``unsolved``: texts for which no code is like enough -> the one least unlike; ``known``: every code of the list;
    ``rare``: how many texts are not shown; ``by_number``: the sexes were told by the personal numbers beside them.
    """

    codes: dict[str, list[str]]
    unsolved: dict[str, str]
    known: list[str]
    rare: int = 0
    by_number: bool = False


def code_proposals(match: RegisterMatch, rows: dict[int, list[str]] | None = None) -> dict[str, CodeProposal]:
    """Field name -> proposal, for the coded columns with texts that are not known. ``rows``: whole columns, by place,
    cell below cell, so that a code of the sexes can be held against the numbers beside it."""
    found = {}
    for name, place in match.places.items():
        field = match.register.field(name)
        if field.kind not in ("code", "boolean", "id_type") or field.use == "drop":
            continue
        proposal = _proposal(field, place.column, match, rows or {})
        if proposal is not None:
            found[name] = proposal
    return found


def _proposal(
    field: RegisterField, column: Column, match: RegisterMatch, rows: dict[int, list[str]]
) -> CodeProposal | None:
    codes = _list_of(field)
    unknown = _unknown(field, column)
    if not unknown:
        return None
    if field.codes == "sex" and (told := _sexes(match, column, rows)):
        return CodeProposal(told, {}, [], by_number=True)
    shown = [text for text, count in unknown.most_common() if count >= FEWEST_CELLS and may_be_shown(text)][:MOST]
    proposed: dict[str, list[str]] = {}
    unsolved: dict[str, str] = {}
    for text in sorted(shown):
        code, likeness = closest_code(text, codes)
        if likeness >= (LIKE_OTHERS if field.other else LIKE_ENOUGH):
            proposed.setdefault(code, []).append(text)
        elif not field.other and not FULL_NAME.fullmatch(text):
            unsolved[text] = code
    shown_count = len(unsolved) + sum(map(len, proposed.values()))
    rare = 0 if field.other else len(unknown) - shown_count
    if not proposed and not unsolved and not rare:
        return None
    return CodeProposal({code: proposed[code] for code in codes if code in proposed}, unsolved, list(codes), rare)


def _list_of(field: RegisterField) -> CodeList:
    own = load_codes()[field.codes or field.kind]
    return with_codes(own, ENGLISH) if field.kind == "boolean" else own


def _unknown(field: RegisterField, column: Column) -> Counter[str]:
    parse = parser_of(field.model_copy(update={"other": False, "required": True}), PLAIN_SOURCE, None)
    texts = {text: count for text, count in column.texts.items() if not refusal(text)}
    return Counter({text: count for text, count in texts.items() if parse(text).value is None})


def may_be_shown(text: str) -> bool:
    """Whether a text of a coded column may stand in a settings file: short, no number of a person, no address."""
    return len(text) <= LONGEST and text.isprintable() and "@" not in text and not looks_personal(text)


def closest_code(text: str, codes: CodeList) -> tuple[str, float]:
    """The code with the likest text, and how like it is; the first code of the list wins a draw."""
    answer = lookup(with_codes(load_codes()["boolean"], ENGLISH)).get(comparable(text))
    if answer and (meant := _of_answer(answer, codes)):
        return meant, 0.9
    ranked = [(max(_likeness(text, known) for known in (*texts, code)), code) for code, texts in codes.items()]
    best = max(ranked, key=lambda pair: pair[0])
    return best[1], best[0]


def _of_answer(answer: str, codes: CodeList) -> str:
    """The code that stands for yes (or no) in a list that has one."""
    table = lookup(load_codes()["boolean"])
    spoken = {code: [text for text in texts if not text.isdigit()] for code, texts in codes.items()}
    return next((code for code, texts in spoken.items() if any(table.get(comparable(t)) == answer for t in texts)), "")


def _likeness(text: str, known: str) -> float:
    """How well the words of the shorter text are met in the longer; an abbreviation may have a letter or two."""
    first, second = sorted((words(text), words(known)), key=len)
    if not first:
        return 0.0
    met = [max(_begun(word, other) for other in second) for word in first]
    return sum(met) / len(met) * (0.9 + 0.1 * len(first) / len(second))


def _begun(one: str, other: str) -> float:
    short, long = sorted((one, other), key=len)
    return 0.85 if len(short) < 3 and long.startswith(short) and one != other else word_likeness(one, other)


def _sexes(match: RegisterMatch, column: Column, rows: dict[int, list[str]]) -> dict[str, list[str]]:
    """Which of two texts means which sex, where the personal numbers of the same rows say so nearly always."""
    person = next((p for n, p in match.places.items() if match.register.field(n).kind == "identifier"), None)
    if person is None or len(column.texts) != 2 or column.place not in rows or person.column.place not in rows:
        return {}
    pairs: Counter[tuple[str, str]] = Counter()
    for text, number in zip(rows[column.place], rows[person.column.place], strict=True):
        if text in column.texts and len(number) == 10 and looks_personal(number):
            pairs[(text, sex(number))] += 1
    first, second = sorted(column.texts)
    for male, female in ((first, second), (second, first)):
        agreeing = pairs[(male, "male")] + pairs[(female, "female")]
        if sum(pairs.values()) >= 10 and agreeing >= AGREE * sum(pairs.values()):
            return {"male": [male], "female": [female]}
    return {}
