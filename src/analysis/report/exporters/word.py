"""What pandoc leaves to be done in a Word document: cover, contents, page furniture, language, fixed stamps."""

from __future__ import annotations

import io
from typing import Any

from docx import Document as open_docx
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from analysis.report.archive import stopped_clock
from analysis.report.exporters.notebook import Report
from analysis.report.exporters.pandoc import moment
from analysis.report.exporters.word_tables import dress_tables, element
from analysis.texts import day, text

FONT = "Calibri"
INK, ACCENT, MUTED, WARNING = (RGBColor.from_string(code) for code in ("1C2430", "0B3D6B", "5A6472", "7A3B00"))
WARNING_TINT = "FDF3E7"
# What follows shading among a paragraph's properties: the format fixes their order
AFTER_SHADE = (
    *("w:tabs", "w:suppressAutoHyphens", "w:kinsoku", "w:wordWrap", "w:overflowPunct", "w:topLinePunct"),
    *("w:autoSpaceDE", "w:autoSpaceDN", "w:bidi", "w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind"),
    *("w:contextualSpacing", "w:mirrorIndents", "w:suppressOverlap", "w:jc", "w:textDirection", "w:textAlignment"),
    *("w:textboxTightWrap", "w:outlineLvl", "w:divId", "w:cnfStyle", "w:rPr", "w:sectPr", "w:pPrChange"),
)
TAGS = {"bg": "bg-BG", "en": "en-GB"}
SIZES = {"Heading 1": 18, "Heading 2": 14, "Heading 3": 11.5, "Heading 4": 10.5, "Title": 26, "Subtitle": 14}
SMALL = {"Table Caption": 9.5, "Image Caption": 9.5, "Exhibit Note": 8.5, "Footnote Text": 8.5}


def finished(draft: bytes, report: Report) -> bytes:
    """Pandoc's document with everything a reader of the report expects; the same input gives the same bytes."""
    document = open_docx(io.BytesIO(draft))
    _set_styles(document, TAGS[report.document.language])
    _set_pages(document)
    dress_tables(document)
    first = document.element.body[0]
    for paragraph in [*_cover(document, report), *_contents(document, report)]:
        first.addprevious(paragraph._p)
    _set_furniture(document, report)
    _stamp(document, report)
    stream = io.BytesIO()
    document.save(stream)
    return stopped_clock(stream.getvalue())


def _set_styles(document: WordDocument, language: str) -> None:
    for style in document.styles:
        properties = style.element.find(qn("w:rPr"))
        for found in [] if properties is None else properties.findall(qn("w:lang")):
            properties.remove(found)
    defaults = document.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    for found in defaults.findall(qn("w:lang")):
        defaults.remove(found)
    defaults.append(element("lang", val=language, eastAsia=language, bidi="ar-SA"))
    names = {style.name for style in document.styles}
    for name in names & {"Normal", "Body Text", "First Paragraph", "Compact", *SIZES, *SMALL}:
        style = document.styles[name]
        _set_font(style)
        style.font.size = Pt(SIZES.get(name, SMALL.get(name, 10.5)))
        style.font.color.rgb = ACCENT if name in SIZES else MUTED if name == "Exhibit Note" else INK
        style.font.italic = False
        style.font.bold = name in SIZES and name != "Subtitle"
        if name.startswith("Heading"):  # a number such as 11.2 reaches the first default stop and would touch its title
            style.paragraph_format.tab_stops.add_tab_stop(Cm(1.7))
    for name in names & set(SMALL):
        document.styles[name].paragraph_format.space_after = Pt(4)


def _set_font(style: Any) -> None:
    style.font.name = FONT
    fonts = style.element.rPr.find(qn("w:rFonts"))
    for name in list(fonts.attrib):
        if name.endswith("Theme"):
            del fonts.attrib[name]
    for slot in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{slot}"), FONT)


def _set_pages(document: WordDocument) -> None:
    for section in document.sections:
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2.4)
        section.top_margin, section.bottom_margin = Cm(2.8), Cm(2.3)


def _paragraph(document: WordDocument, style: str, words: str = "", colour: RGBColor | None = None) -> Paragraph:
    """A paragraph at the document's end, for the caller to move."""
    paragraph = document.add_paragraph(style=style)
    if words:
        run = paragraph.add_run(words)
        if colour is not None:
            run.font.color.rgb = colour
    return paragraph


def _cover(document: WordDocument, report: Report) -> list[Paragraph]:
    front = report.document
    parts = [_paragraph(document, "Normal", front.project, MUTED)] if front.project else []
    if parts:
        parts[0].paragraph_format.space_before = Pt(110)
    parts.append(_paragraph(document, "Title", front.title))
    if front.subtitle:
        parts.append(_paragraph(document, "Subtitle", front.subtitle))
    shown = [] if front.facts else [day(moment(report).date(), front.language)]
    parts += [_paragraph(document, "Normal", line) for line in (*front.authors, *shown)]
    parts += [_fact(document, name, value) for name, value in front.facts]
    if front.banner_detail:
        parts.append(_shaded(_paragraph(document, "Normal", front.banner_detail, WARNING)))
    if front.financing:
        parts += _financing(document, report)
    for paragraph in parts:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
    parts[-1].add_run().add_break(WD_BREAK.PAGE)
    return parts


def _fact(document: WordDocument, name: str, value: str) -> Paragraph:
    paragraph = _paragraph(document, "Normal", f"{name}: ", MUTED)
    paragraph.add_run(value)
    return paragraph


def _financing(document: WordDocument, report: Report) -> list[Paragraph]:
    from analysis.report.exporters.emblem import emblem_png

    funded = report.document.financing
    assert funded is not None
    parts = []
    if funded.emblem:
        picture = _paragraph(document, "Normal")
        picture.add_run().add_picture(io.BytesIO(emblem_png()), height=Cm(1.6))
        picture._p.find(f".//{qn('wp:docPr')}").set("descr", text("exporters.emblem", report.document.language))
        parts.append(picture)
    parts += [_paragraph(document, "Normal", words) for words in (funded.beside_emblem, funded.statement) if words]
    for run in (run for part in parts for run in part.runs if funded.font):
        run.font.name = funded.font
    return parts


def _shaded(paragraph: Paragraph) -> Paragraph:
    shade = element("shd", val="clear", color="auto", fill=WARNING_TINT)
    paragraph._p.get_or_add_pPr().insert_element_before(shade, *AFTER_SHADE)
    return paragraph


def _contents(document: WordDocument, report: Report) -> list[Paragraph]:
    """A contents field that already shows its entries as links; refreshing it in Word adds the page numbers."""
    title = _paragraph(document, "Normal", text("exporters.contents", report.document.language), ACCENT)
    title.runs[0].font.size, title.runs[0].font.bold = Pt(18), True
    entries = [
        _entry(document, heading, int(heading.style.name[-1]))
        for heading in document.paragraphs
        if heading.style is not None and heading.style.name in ("Heading 1", "Heading 2")
    ]
    if not entries:
        return [title]
    start = [_field_mark("begin"), _instruction(r'TOC \o "1-2" \h \z \u'), _field_mark("separate")]
    properties = entries[0]._p.get_or_add_pPr()
    for mark in reversed(start):
        properties.addnext(mark)
    entries[-1]._p.append(_field_mark("end"))
    entries[-1].add_run().add_break(WD_BREAK.PAGE)
    return [title, *entries]


def _entry(document: WordDocument, heading: Paragraph, level: int) -> Paragraph:
    entry = _paragraph(document, "Normal")
    entry.paragraph_format.left_indent = Cm(0.7 * (level - 1))
    entry.paragraph_format.space_after = Pt(2)
    bookmark = heading._p.getprevious()
    while bookmark is not None and bookmark.tag != qn("w:bookmarkStart"):
        bookmark = bookmark.getprevious() if bookmark.tag == qn("w:bookmarkEnd") else None
    words = heading.text.replace("\t", "  ")
    if bookmark is None:
        entry.add_run(words)
        return entry
    link = element("hyperlink", anchor=bookmark.get(qn("w:name")), history="1")
    run = element("r")
    link.append(run)
    entry._p.append(link)
    Run(run, entry).text = words
    return entry


def _field_mark(kind: str) -> Any:
    run = element("r")
    run.append(element("fldChar", fldCharType=kind))
    return run


def _instruction(code: str) -> Any:
    run, words = element("r"), element("instrText")
    words.set(qn("xml:space"), "preserve")
    words.text = f" {code} "
    run.append(words)
    return run


def _set_furniture(document: WordDocument, report: Report) -> None:
    """The banner in the header, the project and the page numbers in the footer, the same on every page."""
    front = report.document
    for section in document.sections:
        head = section.header.paragraphs[0]
        if front.banner:
            run = head.add_run(front.banner)
            run.font.size, run.font.bold, run.font.color.rgb = Pt(8), True, WARNING
            head.alignment = WD_ALIGN_PARAGRAPH.CENTER
            _shaded(head)
        foot = section.footer.paragraphs[0]
        foot.add_run(f"{front.project}   " if front.project else "")
        foot.add_run(text("exporters.page", front.language) + " ")
        _add_field(foot, "PAGE")
        foot.add_run(f" {text('exporters.of', front.language)} ")
        _add_field(foot, "NUMPAGES")
        for run in foot.runs:
            run.font.size, run.font.color.rgb = Pt(8), MUTED


def _add_field(paragraph: Paragraph, code: str) -> None:
    for part in (_field_mark("begin"), _instruction(code), _field_mark("separate")):
        paragraph._p.append(part)
    paragraph.add_run("1")
    paragraph._p.append(_field_mark("end"))


def _stamp(document: WordDocument, report: Report) -> None:
    front, core = report.document, document.core_properties
    core.title, core.subject, core.author = front.title, front.subtitle, "; ".join(front.authors)
    core.language = TAGS[front.language]
    core.created = core.modified = moment(report).replace(tzinfo=None)
    core.last_modified_by, core.revision = "", 1
