"""Every file of a study's raw folder, looked into: the register or table that it holds, or why it cannot be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from analysis.adapting.codes import CodeProposal, code_proposals
from analysis.adapting.columns import FoundTable, found_table
from analysis.adapting.matching import RegisterMatch, all_known_captions, best_register
from analysis.cleaning.cell import tidy
from analysis.files import Finding, Workspace
from analysis.sources.read import CORRECTIONS, Job, fields_of, raw_files, read_document
from analysis.sources.tables import RawTable, Refused
from analysis.sources.unknown import parts_of, tables_of
from analysis.study import Register, Source, load_register
from analysis.study.agreement import register_names

MEMBERS_TRIED = 3  # of a zip delivery: the first, the middle and the last tell what the others are


@dataclass(frozen=True)
class FoundFile:
    """One file: its path below the raw folder; its ``table``; ``match``: the register that fits (None: a table of the
    study's own); ``codes``: field -> texts not known; ``by_position``: a register without captions
    that reads the file; ``school_names``: code as it stands in the file -> the name beside it."""

    label: str
    table: FoundTable
    match: RegisterMatch | None = None
    codes: dict[str, CodeProposal] = field(default_factory=dict)
    by_position: Register | None = None
    members: list[str] = field(default_factory=list)
    school_names: dict[str, str] = field(default_factory=dict)

    @property
    def register(self) -> Register | None:
        return self.by_position or (self.match.register if self.match else None)


@dataclass(frozen=True)
class Survey:
    """What lies in the raw folder: files that can be used, and findings on those that cannot."""

    files: list[FoundFile]
    unreadable: list[Finding]
    labels: list[str]


def survey(workspace: Workspace, tell: Callable[[str], None] = lambda label: None) -> Survey:
    """Look into every file; ``tell`` is called with each path before it is read. Nothing raises for bad input."""
    found, unreadable = [], []
    paths = [path for path in raw_files(workspace) if not _is_apart(path.stem)]
    labels = [path.relative_to(workspace.raw).as_posix() for path in paths]
    for path, label in zip(paths, labels, strict=True):
        tell(label)
        try:
            found.append(_look(label, parts_of(path, label)))
        except Refused as refused:
            unreadable.append(Finding("", "refused", refused.rule, label, refused.sheet, params=refused.params))
    return Survey(found, unreadable, labels)


def _is_apart(stem: str) -> bool:
    """Notes and the sheet of corrections are no data."""
    return stem.casefold() == "readme" or stem.casefold().startswith(CORRECTIONS)


def _look(label: str, parts: list[tuple[str, bytes]]) -> FoundFile:
    """The best of what some members of a delivery (or the one file) hold; Refused when none can be read."""
    tried = sorted({0, len(parts) // 2, len(parts) - 1})[:MEMBERS_TRIED]
    found, refusals = [], []
    for place in tried:
        try:
            found.append(_look_into(label, *parts[place]))
        except Refused as refused:
            refusals.append(refused)
    if not found:
        raise refusals[0]
    best = max(found, key=lambda one: (one.register is not None, one.match.score if one.match else 0))
    members = [name for name, _ in parts] if len(parts) > 1 or parts[0][0] != label else []
    return FoundFile(label, best.table, best.match, best.codes, best.by_position, members, best.school_names)


def _look_into(label: str, name: str, content: bytes) -> FoundFile:
    tables = tables_of(content)
    looked = [(raw, found_table(raw, all_known_captions())) for raw in tables]
    looked = [(raw, table) for raw, table in looked if table.columns]
    if not looked:
        raise Refused("reading.no_rows")
    matched = [(best_register(table), raw, table) for raw, table in looked if table.has_captions]
    matched = [one for one in matched if one[0] is not None]
    if matched:
        match, raw, table = max(matched, key=lambda one: one[0].score if one[0] else 0)
        assert match is not None
        codes = code_proposals(match, _whole(raw, match))
        return FoundFile(label, table, match, codes, school_names=_school_names(raw, match))
    _, table = max(looked, key=lambda pair: (pair[1].rows > 0, len(pair[1].columns), pair[1].rows))
    return FoundFile(label, table, by_position=None if table.has_captions else _by_position(name, content))


def _whole(raw: RawTable, match: RegisterMatch) -> dict[int, list[str]]:
    """Whole columns of the person's number and the sex, cell below cell, to hold one against the other."""
    kinds = {name: match.register.field(name) for name in match.places}
    wanted = [name for name, one in kinds.items() if one.kind == "identifier" or one.codes == "sex"]
    places = [match.places[name].column.place for name in wanted]
    return {
        place: [tidy(str(row[place])) if place < len(row) and row[place] else "" for row in raw.rows]
        for place in places
    }


def _school_names(raw: RawTable, match: RegisterMatch) -> dict[str, str]:
    """The name that stands beside each school's code, the commonest where several do."""
    if not {"school_code", "school_name"} <= match.places.keys():
        return {}
    code, name = (match.places[one].column.place for one in ("school_code", "school_name"))
    pairs = Counter(
        (tidy(str(row[code])), tidy(str(row[name])))
        for row in raw.rows
        if max(code, name) < len(row) and row[code] and row[name]
    )
    return {one: called for (one, called), _ in reversed(pairs.most_common()) if called}


def _by_position(name: str, content: bytes) -> Register | None:
    """The register without captions that reads the file as it is."""
    for register in map(load_register, register_names()):
        if register.layout.header_row != 0:
            continue
        source = Source(register_name=register.register_name)
        try:
            read_document(Job(register.register_name, source, register, fields_of(register)), name, content)
        except Refused:
            continue
        return register
    return None
