"""One pandoc run: a report's Markdown and its exhibits become HTML, Typst or DOCX through one Lua filter."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from analysis.report.exporters.notebook import NotReportable, Report
from analysis.texts import text

HERE = Path(__file__).parent
FILTER = HERE / "report.lua"
# Markdown as display.py promises it: what could smuggle in markup of one format or swallow a rule line is off
READER = (
    "markdown+lists_without_preceding_blankline-implicit_figures-raw_html-raw_tex-raw_attribute-native_divs"
    "-native_spans-yaml_metadata_block-pandoc_title_block-example_lists-latex_macros"
)
WORDS = ("source", "caption.fig", "caption.tbl", "caption.eq", "caption.sec")
REFERENCES = ("reference.fig", "reference.tbl", "reference.eq", "reference.sec")


def run_pandoc(
    report: Report, target: str, exhibits: dict[str, dict[str, Any]], *arguments: str, pictures: Path | None = None
) -> bytes:
    """The report in ``target`` (``html5``, ``typst`` or ``docx``), as pandoc writes it to standard output.

    ``exhibits`` hold, by label, what the filter needs to set each one in this format. ``pictures`` is the folder that
    their file names are relative to: whole paths would end up in the document. Raises NotReportable with pandoc's own
    words when it refuses or so much as warns: a lost formula must not pass unseen.
    """
    from pypandoc import get_pandoc_path

    language = report.document.language
    settings = {
        "reader": READER,
        "language": language,
        "words": {key: text(f"exporters.{key}", language) for key in (*WORDS, *REFERENCES)},
        "exhibits": exhibits,
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "exhibits.json"
        path.write_text(json.dumps(settings, ensure_ascii=False), encoding="utf-8")
        command = [get_pandoc_path(), f"--from={READER}", f"--to={target}", "--output=-", "--wrap=none"]
        command += ["--fail-if-warnings", f"--lua-filter={FILTER}", f"--metadata=settings:{path}", *arguments]
        done = subprocess.run(
            command,
            input=report.markdown.encode(),
            capture_output=True,
            env=_environment(report),
            cwd=pictures or folder,
            check=False,
        )
    if done.returncode:
        raise NotReportable(f"pandoc could not write the report: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout


def inline_parts(exhibit: Any) -> dict[str, Any]:
    """What every format needs of a table or figure."""
    return {"caption": exhibit.caption, "note": exhibit.note, "source": exhibit.source}


def moment(report: Report) -> datetime:
    """The time that stamps the files: noon, universal time, of the document's day, never the time of the run."""
    return datetime.fromisoformat(report.document.date).replace(hour=12, tzinfo=UTC)


def _environment(report: Report) -> dict[str, str]:
    return {**os.environ, "SOURCE_DATE_EPOCH": str(int(moment(report).timestamp()))}
