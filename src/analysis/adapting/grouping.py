"""Files of one layout become one source: a glob for them and for no other, a name, the year in the files' names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from analysis.adapting.codes import CodeProposal
from analysis.adapting.files import FoundFile, Survey
from analysis.adapting.names import unique_name
from analysis.sources.captions import fold
from analysis.sources.read import is_claimed
from analysis.study import Register

DIGITS = re.compile(r"\d+")
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
TOKEN = re.compile(r"[^\W_]+")
BEFORE = re.compile(r"^(neispuo|isun|labour|nra)_|_(monthly|lists)$")  # what a register's name says of who keeps it
SHORTEST_STEM = 3
TODO = "TODO"


@dataclass(frozen=True)
class FoundSource:
    """A source to be: ``pattern`` is its glob; ``file_name`` the pattern of the year; ``constants`` what the register's
    key takes from the settings; ``lacks_year``: the register needs a school year that no file's name holds."""

    name: str
    files: list[FoundFile]
    pattern: str
    register: Register | None
    file_name: str = ""
    constants: dict[str, str] = field(default_factory=dict)
    lacks_year: bool = False
    codes: dict[str, CodeProposal] = field(default_factory=dict)

    @property
    def first(self) -> FoundFile:
        return self.files[0]

    @property
    def years(self) -> list[int]:
        """The school years that the files' names tell, by their first calendar year."""
        found = [re.search(self.file_name, file.label) for file in self.files] if self.file_name else []
        return sorted({int(match["school_year"]) for match in found if match})


def group(found: Survey) -> list[FoundSource]:
    """The sources of a survey, in the order of their first file."""
    alike: dict[object, list[FoundFile]] = {}
    for file in found.files:
        alike.setdefault(_layout_of(file), []).append(file)
    sources: list[FoundSource] = []
    for files in alike.values():
        for part, pattern in _globs(files, found.labels):
            sources.append(_source(part, pattern, sources))
    return sources


def _layout_of(file: FoundFile) -> object:
    """What files of one source share: the folder (whatever numbers it bears), the register, where its fields are."""
    folder = DIGITS.sub("*", PurePosixPath(file.label).parent.as_posix())
    if file.match is not None:
        declared = [(n, fold(p.column.caption)) for n, p in file.match.places.items() if not file.match.is_own(n)]
        return folder, file.match.register.register_name, tuple(sorted(declared))
    if file.by_position is not None:
        return folder, file.by_position.register_name
    captions = tuple(fold(column.caption) for column in file.table.columns)
    return folder, PurePosixPath(file.label).suffix, file.table.header_row, captions, _stem(file.label)


def _stem(label: str) -> str:
    return DIGITS.sub("*", PurePosixPath(label).stem.casefold())


def _globs(files: list[FoundFile], labels: Iterable[str]) -> list[tuple[list[FoundFile], str]]:
    """The files cut into sources, each with its glob: one for all where that claims no other file, else one a file."""
    own = {file.label for file in files}
    needs_constant = files[0].register is not None and _constants_needed(files[0].register)
    if not needs_constant:
        for pattern in _candidates([file.label for file in files]):
            claimed = {label for label in labels if is_claimed(Path(label), pattern.casefold().split("/"))}
            if claimed == own:
                return [(files, pattern)]
    if len(files) == 1:
        return [(files, _plain(files[0].label))]
    return [one for file in files for one in _globs([file], labels)]


def _candidates(labels: list[str]) -> list[str]:
    """Globs that may ask for all the labels: years for stars, then whatever follows the common beginning."""
    folder = _shared(DIGITS.sub("*", PurePosixPath(label).parent.as_posix()) for label in labels)
    names = [PurePosixPath(label).name for label in labels]
    ending = _shared(PurePosixPath(name).suffix for name in names) or ".*"
    if folder is None:
        return []
    prefix = "" if folder == "." else f"{_plain(folder, keep='*')}/"
    starred = _shared(YEAR.sub("*", PurePosixPath(name).stem) for name in names)
    starred = starred or _shared(DIGITS.sub("*", PurePosixPath(name).stem) for name in names)
    begun = _common_beginning([PurePosixPath(name).stem for name in names])
    stems = [starred] if starred else []
    stems += [f"{begun}*"] if len(begun) >= SHORTEST_STEM and len(names) > 1 else []
    return [f"{prefix}{_plain(stem, keep='*')}{ending}" for stem in stems]


def _shared(texts: Iterable[str]) -> str | None:
    found = set(texts)
    return found.pop() if len(found) == 1 else None


def _common_beginning(names: list[str]) -> str:
    shortest = min(names, key=len)
    for at, letter in enumerate(shortest):
        if any(name[at] != letter for name in names):
            return shortest[:at]
    return shortest


def _plain(text: str, keep: str = "") -> str:
    """A path as a glob that means itself: signs with a meaning of their own stand for any one sign."""
    return "".join("?" if letter in "[]*?" and letter not in keep else letter for letter in text)


def _constants_needed(register: Register) -> list[str]:
    """Columns of the key that no file of the register has, such as the contract of the participants' workbook."""
    return [name for name in register.key if name not in {field.name for field in register.fields}]


def _source(files: list[FoundFile], pattern: str, before: list[FoundSource]) -> FoundSource:
    register = files[0].register
    needed = _constants_needed(register) if register else []
    tokens = _telling_tokens(files[0].label)
    base = BEFORE.sub("", BEFORE.sub("", register.register_name)) if register else _stem_name(files[0].label)
    base = f"{base}_{tokens.casefold()}" if needed and tokens else base
    name = unique_name(base, {source.name for source in before}, "source")
    needs_year = register is not None and any(one.from_file_name for one in register.fields)
    year = _year_pattern([file.label for file in files]) if needs_year else ""
    constants = dict.fromkeys(needed, tokens or TODO)
    if needs_year and not year:
        constants["school_year"] = TODO
    return FoundSource(name, files, pattern, register, year, constants, needs_year and not year, _codes_together(files))


def _stem_name(label: str) -> str:
    return DIGITS.sub(" ", PurePosixPath(label).stem)


def _telling_tokens(label: str) -> str:
    """The last word of a file's name, as the code of what tells it from others of its kind."""
    found = TOKEN.findall(PurePosixPath(label).stem)
    return found[-1].upper() if len(found) > 1 and found[-1].isascii() else ""


def _year_pattern(labels: list[str]) -> str:
    """A pattern that finds the school year in every file's name (or its folder's): what stands before it, if shared."""
    names = [PurePosixPath(label).name for label in labels]
    if not all(map(YEAR.search, names)):
        return r"(?P<school_year>(?:19|20)\d{2})" if all(map(YEAR.search, labels)) else ""
    before = _shared(re.split(YEAR, name, maxsplit=1)[0] for name in names)
    escaped = re.sub(r"\\([ -])", r"\1", re.escape(before or ""))
    return rf"{escaped}(?P<school_year>\d{{4}})" if before else r"(?P<school_year>(?:19|20)\d{2})"


def _codes_together(files: list[FoundFile]) -> dict[str, CodeProposal]:
    """The proposals of all files, field by field."""
    together: dict[str, CodeProposal] = {}
    for file in files:
        for name, one in file.codes.items():
            together[name] = _joined(together[name], one) if name in together else one
    return together


def _joined(one: CodeProposal, other: CodeProposal) -> CodeProposal:
    codes = {
        code: list(dict.fromkeys([*one.codes.get(code, []), *other.codes.get(code, [])]))
        for code in [*one.codes, *(code for code in other.codes if code not in one.codes)]
    }
    solved = {text for texts in codes.values() for text in texts}
    unsolved = {text: code for text, code in {**one.unsolved, **other.unsolved}.items() if text not in solved}
    return CodeProposal(
        codes, unsolved, one.known or other.known, max(one.rare, other.rare), one.by_number and other.by_number
    )
