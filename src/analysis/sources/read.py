"""The one way in: all files of a source read, matched to its register, with provenance and with what was wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

import pandas as pd

from analysis.files import Finding, Workspace
from analysis.sources.archive import members
from analysis.sources.formats import EXTENSIONS, Kind, kind_of
from analysis.sources.header import fields_in_file, find_header
from analysis.sources.packaged import packaged_content
from analysis.sources.positions import check_positions
from analysis.sources.reading import PROVENANCE, UNREADABLE, Reading
from analysis.sources.shape import Shaped, shape
from analysis.sources.spreadsheets import read_workbook
from analysis.sources.statistical_files import read_statistical
from analysis.sources.tables import RawTable, Refused, Remark
from analysis.sources.text_files import read_text
from analysis.study import Register, RegisterField, Source, Study, register_of

GROUP = re.compile(r"\(\?P<(\w+)>[^()]*\)")
JUNK = ("__MACOSX", "Thumbs.db", "desktop.ini")
CORRECTIONS = ("corrections", "корекции")


@dataclass(frozen=True)
class Job:
    """One source to be read: its name, what the study says of it, its register and the fields to look for in files."""

    name: str
    source: Source
    register: Register
    fields: list[RegisterField]

    @classmethod
    def of(cls, study: Study, name: str) -> Job:
        source = study.sources[name]
        register = register_of(study, name).for_source(source)
        groups = re.compile(source.file_name).groupindex if source.file_name else {}
        return cls(name, source, register, fields_in_file(register, {*source.constants, *groups}))

    def refusal(self, label: str, refused: Refused) -> Finding:
        return Finding(self.name, "refused", refused.rule, label, refused.sheet, params=refused.params)

    def note(self, label: str, sheet: str, remark: Remark) -> Finding:
        return Finding(self.name, "noted", remark.rule, label, sheet, remark.row, params=remark.params)


def fields_of(register: Register) -> list[RegisterField]:
    """The fields that a file of the register holds when neither its name nor the settings give any."""
    return fields_in_file(register, set())


def read_source(study: Study, name: str, workspace: Workspace) -> Reading:
    """Read every file of the source ``name``: text rows with provenance, captions as met, and file-level findings.

    Nothing raises for bad input: a file that cannot be used is a finding of level ``refused`` and gives no rows.
    """
    job = Job.of(study, name)
    frames: list[pd.DataFrame] = []
    captions: dict[str, str] = {}
    findings: list[Finding] = []
    if job.source.package:
        documents = _packaged(job, findings)
    else:
        paths = readable_files(study, name, workspace)
        if not paths and not job.source.optional:
            findings.append(Finding(name, "refused", "reading.no_file", job.source.files))
        documents = _documents(paths, workspace, job, findings)
    for label, content in documents:
        try:
            tables, met, remarks = read_document(job, label, content)
        except Refused as refused:
            findings.append(job.refusal(label, refused))
            continue
        frames += tables
        captions = {**met, **captions}
        findings += remarks
    return Reading(_together(frames, job), captions, findings)


def readable_files(study: Study, name: str, workspace: Workspace) -> list[Path]:
    """A source's files below the raw folder, sorted; case in names does not matter, temporary files are left out."""
    pattern = study.sources[name].files.casefold().split("/")
    if pattern == [""]:
        return []
    return [path for path in raw_files(workspace) if is_claimed(path.relative_to(workspace.raw), pattern)]


def unclaimed_files(study: Study, workspace: Workspace) -> list[Finding]:
    """Files below the raw folder that no source takes: perhaps misnamed, so each is noted."""
    patterns = [source.files.casefold().split("/") for source in study.sources.values() if source.files]
    known = {name for name in (study.schools, study.employers) if name}
    findings = []
    for path in raw_files(workspace):
        below = path.relative_to(workspace.raw)
        is_known = below.as_posix() in known or path.stem.casefold() == "readme"
        is_known = is_known or path.stem.casefold().startswith(CORRECTIONS)
        if not is_known and not any(is_claimed(below, pattern) for pattern in patterns):
            findings.append(Finding("", "noted", "reading.unclaimed_file", below.as_posix()))
    return findings


def raw_files(workspace: Workspace) -> list[Path]:
    """Every file below the raw folder, sorted, without what operating systems and Excel leave behind."""
    if not workspace.raw.is_dir():
        return []
    found = [path for path in workspace.raw.rglob("*") if path.is_file()]
    return sorted(path for path in found if not _is_junk(path.relative_to(workspace.raw).as_posix()))


def _is_junk(name: str) -> bool:
    """Hidden files, Excel's lock files, and what operating systems leave behind."""
    return any(part.startswith((".", "~$")) or part in JUNK for part in PurePosixPath(name).parts)


def is_claimed(below: Path, pattern: list[str]) -> bool:
    """Whether a path below the raw folder is one that a source's ``files`` (in small letters, split at /) asks for."""
    parts = below.as_posix().casefold().split("/")
    if "**" in pattern:
        return fnmatchcase("/".join(parts), "/".join(pattern).replace("**/", "*"))
    return len(parts) == len(pattern) and all(map(fnmatchcase, parts, pattern))


def _documents(
    paths: list[Path], workspace: Workspace, job: Job, findings: list[Finding]
) -> Iterator[tuple[str, bytes]]:
    """Every file as (label, content); a zip as its members. What cannot be opened goes to ``findings``."""
    for path in paths:
        label = path.relative_to(workspace.raw).as_posix()
        try:
            content = path.read_bytes()
            inside = members_of(content)
        except OSError:
            findings.append(Finding(job.name, "refused", "reading.locked", label))
        except Refused as refused:
            findings.append(job.refusal(label, refused))
        else:
            yield from [(label, content)] if inside is None else [(f"{label}/{name}", part) for name, part in inside]


def _packaged(job: Job, findings: list[Finding]) -> Iterator[tuple[str, bytes]]:
    """The one document of a source that an installed package carries."""
    try:
        yield job.source.place, packaged_content(job.source)
    except Refused as refused:
        findings.append(job.refusal(job.source.place, refused))


def members_of(content: bytes) -> list[tuple[str, bytes]] | None:
    """The members of a zip delivery, None for any other file."""
    if not content.startswith(b"PK") or kind_of(content) != "archive":
        return None
    inside = [(name, part) for name, part in members(content) if not _is_junk(name)]
    if not inside:
        raise Refused("reading.archive_empty")
    return inside


def read_document(job: Job, label: str, content: bytes) -> tuple[list[pd.DataFrame], dict[str, str], list[Finding]]:
    """One file's rows (a table a sheet), captions and notes; Refused when it cannot be used."""
    given = {**job.source.constants, **_from_name(label, job.source.file_name)}
    kind = kind_of(content)
    sheets = shape(_tables(kind, content, job), job.register, job.fields)
    if job.register.layout.header_row == 0:
        check_positions(sheets[0].columns, job.fields)
    notes = [job.note(label, sheets[0].sheet, remark) for remark in _about_name(label, kind)]
    notes += [job.note(label, shaped.sheet, remark) for shaped in sheets for remark in shaped.remarks]
    captions = {name: caption for shaped in reversed(sheets) for name, caption in shaped.captions.items()}
    return [_frame(shaped, label, given) for shaped in sheets], captions, notes


def _tables(kind: Kind, content: bytes, job: Job) -> list[RawTable]:
    layout = job.register.layout
    if kind == "archive":
        raise Refused("reading.archive_nested")
    if kind in ("sav", "dta", "parquet"):
        return read_statistical(kind, content, layout.encodings)
    if kind == "text":
        return read_text(content, layout, lambda rows: find_header(RawTable(rows), job.register, job.fields).score)
    return read_workbook(kind, content, layout.sheet)


def _from_name(label: str, pattern: str | None) -> dict[str, str]:
    """What the file's name says (its last part first, then its whole path)."""
    if pattern is None:
        return {}
    found = re.search(pattern, PurePosixPath(label).name) or re.search(pattern, label)
    if found is None or any(value is None for value in found.groupdict().values()):
        raise Refused("reading.file_name", pattern=GROUP.sub(r"<\1>", pattern))
    return found.groupdict()


def _about_name(label: str, kind: Kind) -> list[Remark]:
    """A name that promises another kind of file than it is."""
    extension = PurePosixPath(label).suffix.lstrip(".").casefold()
    known = set().union(*EXTENSIONS.values())
    if extension not in known or extension in EXTENSIONS[kind]:
        return []
    return [Remark("reading.other_format", {"extension": extension, "actual": kind})]


def _frame(shaped: Shaped, label: str, given: dict[str, str]) -> pd.DataFrame:
    size = len(shaped.row_numbers)
    fixed = {**given, "file": label, "sheet": shaped.sheet}
    texts = {name: pd.array(cells, dtype="str") for name, cells in shaped.columns.items()}
    constant = {name: pd.array([text] * size, dtype="str") for name, text in fixed.items()}
    row = {"row": pd.array(shaped.row_numbers, dtype="Int64")}
    return pd.DataFrame({**texts, **constant, **row, UNREADABLE: pd.array(shaped.unreadable, dtype="str")})


def _together(frames: list[pd.DataFrame], job: Job) -> pd.DataFrame:
    """All files under one another, in the register's order of columns; the columns are there even when no row is."""
    groups = re.compile(job.source.file_name).groupindex if job.source.file_name else {}
    names = [
        name
        for wanted in job.fields
        for name in ([wanted.name] if wanted.parts == 1 else [f"{wanted.name}_{n + 1}" for n in range(wanted.parts)])
    ]
    names = list(dict.fromkeys([*names, *job.source.constants, *groups, *PROVENANCE, UNREADABLE]))
    if frames:
        return pd.concat(frames, ignore_index=True)[names]
    return pd.DataFrame({name: pd.array([], dtype="Int64" if name == "row" else "str") for name in names})
