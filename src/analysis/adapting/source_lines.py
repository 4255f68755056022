"""The section ``sources`` of a proposed study.yml."""

from __future__ import annotations

from analysis.adapting.codes import CodeProposal
from analysis.adapting.grouping import TODO, FoundSource
from analysis.adapting.matching import RegisterMatch
from analysis.adapting.own_fields import OwnField, own_fields
from analysis.adapting.page import Page, key, listed, pair, quoted
from analysis.files import Finding
from analysis.sources.captions import listed as named

FILES_NAMED = 2
CAPTIONS_NAMED = 12


def write_sources(page: Page, sources: list[FoundSource], unreadable: list[Finding], study: str) -> None:
    """Every source with what differs from its register, or with its own columns; then the files left unread."""
    page.note("sources")
    if not sources:
        page.note("no_sources", study=study)
    page.put("sources:" if sources else "sources: {}")
    for source in sources:
        _head(page, source)
        if source.register is not None:
            _of_register(page, source)
        else:
            _of_table(page, source)
    for finding in unreadable:
        page.note("unreadable", indent=2, file=quoted(finding.file))
    page.gap()


def _head(page: Page, source: FoundSource) -> None:
    labels = [file.label for file in source.files]
    shown = ", ".join(labels if len(labels) <= FILES_NAMED else [labels[0], "…", labels[-1]])
    if source.register is None:
        page.note("of_table", indent=2, files=shown)
    else:
        page.note("of_register", indent=2, title=source.register.title[page.language], files=shown)
    page.put(f"{key(source.name)}:", indent=2)


def _of_register(page: Page, source: FoundSource) -> None:
    assert source.register is not None
    page.put(pair("register", source.register.register_name), indent=4)
    page.put(pair("files", quoted(source.pattern)), indent=4)
    if source.file_name:
        page.put(pair("file_name", quoted(source.file_name)), indent=4)
    for name, value in source.constants.items():
        note = "year_missing" if name == "school_year" else "constant_missing" if value == TODO else "constant"
        page.put(f"constants: {{{pair(name, quoted(value))}}}", page.words(note), 4)
    if source.first.match is not None:
        _columns(page, source, source.first.match)
    _codes(page, source.codes)


def _columns(page: Page, source: FoundSource, match: RegisterMatch) -> None:
    """Captions that are not the register's own; what is required and was not found; what has no place."""
    declared = {name: place for name, place in match.places.items() if not match.is_own(name)}
    if declared:
        page.put("columns:", page.words("columns"), 4)
    for field in match.register.fields:
        if field.name in declared:
            place = declared[field.name]
            page.put(pair(field.name, _caption(place.column.caption, place.column.place)),
                     "" if place.is_sure else page.words("check"), 6)  # fmt: skip
    for field in match.missing:
        line = pair(field.name, quoted("…"))
        page.note("missing", indent=6 if declared else 4, caption=field.header or "", name=field.name, line=line)
    taken = {place.column.place for place in match.places.values()}
    left = [column.caption for column in source.first.table.columns if column.captions and column.place not in taken]
    left = [
        caption for caption in dict.fromkeys(left) if caption not in {p.column.caption for p in match.places.values()}
    ]
    if left:
        page.note("left", indent=4, captions=named(left, CAPTIONS_NAMED))


def _caption(caption: str, place: int) -> str:
    return quoted(caption) if caption else str(place + 1)


def _codes(page: Page, proposals: dict[str, CodeProposal]) -> None:
    if not proposals:
        return
    has_codes = any(proposal.codes for proposal in proposals.values())
    if has_codes:
        page.put("codes:", page.words("codes"), 4)
    for name, proposal in proposals.items():
        if proposal.codes:
            page.put(f"{key(name)}:", indent=6)
        note = page.words("code_by_number" if proposal.by_number else "check")
        for code, texts in proposal.codes.items():
            page.put(pair(code, listed(map(quoted, texts))), note, 8)
        for one, closest in proposal.unsolved.items():
            codes = ", ".join(proposal.known)
            page.note("unsolved", indent=8, text=f"{name}: {quoted(one)}", closest=closest, codes=codes)
        if proposal.rare:
            page.note("rare", indent=8, count=proposal.rare)


def _of_table(page: Page, source: FoundSource) -> None:
    """A table of the study's own: its place, its key, its columns and their codes."""
    table = source.first.table
    fields = own_fields(table)
    title = quoted(source.name)
    page.put(pair("files", quoted(source.pattern)), indent=4)
    page.put(f"title: {{bg: {title}, en: {title}}}", page.words("title"), 4)
    page.put("institution: {bg: TODO, en: TODO}", page.words("institution"), 4)
    if layout := _layout(source, fields):
        page.put(f"layout: {{{layout}}}", indent=4)
    if names := [one.name for one in fields if one.required][:1]:
        page.put(pair("key", listed(map(key, names))), page.words("table_key"), 4)
    page.note("fields", indent=4)
    page.put("fields:", indent=4)
    for one in fields:
        page.put(
            f"- {{{_field(one, is_key=one.name in names)}}}", page.words(f"field_{one.note}") if one.note else "", 6
        )
    if coded := [one for one in fields if one.codes]:
        page.put("codes:", page.words("codes"), 4)
        for one in coded:
            inside = ", ".join(pair(code, listed(map(quoted, texts))) for code, texts in one.codes.items())
            page.put(f"{key(one.name)}: {{{inside}}}", indent=6)


def _layout(source: FoundSource, fields: list[OwnField]) -> str:
    """Where the captions are, if not in the first row of the first sheet."""
    table = source.first.table
    parts = [f"sheet: {quoted(table.sheet)}"] if table.sheet else []
    has_caption = any(one.header is not None for one in fields)
    if table.header_row is not None and (table.header_row != 1 or not has_caption):
        parts.append(f"header_row: {table.header_row if has_caption else 0}")
    if not has_caption and table.header_row is not None:
        parts.append(f"columns: {len(table.columns)}")
    return ", ".join(parts)


def _field(one: OwnField, is_key: bool) -> str:
    parts = [f"name: {key(one.name)}", f"kind: {one.kind}"]
    parts += [f"header: {quoted(one.header)}"] if one.header is not None else []
    parts += [f"position: {one.position}"] if one.position is not None else []
    parts += ["required: true"] if is_key else []
    parts += ["use: drop"] if one.use == "drop" else []
    return ", ".join(parts)
