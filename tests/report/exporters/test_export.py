"""A report is written whole or not at all."""

from __future__ import annotations

import nbformat
import pytest

from analysis.report.exporters import export_report
from analysis.report.exporters.notebook import NotReportable


@pytest.fixture
def executed(notebook, tmp_path):
    path = tmp_path / "08_report.ipynb"
    nbformat.write(notebook, path)
    return path


def test_all_formats_and_figures_are_written_and_stale_figures_go(executed, tmp_path):
    folder = tmp_path / "out"
    (folder / "figures").mkdir(parents=True)
    (folder / "figures" / "fig-old.svg").write_text("old")
    paths = export_report(executed, folder)
    assert [path.relative_to(folder).as_posix() for path in paths] == [
        "report.html",
        "report.pdf",
        "report.docx",
        "figures/fig-trend.svg",
        "figures/fig-trend.png",
    ]
    assert sorted(path.name for path in (folder / "figures").iterdir()) == ["fig-trend.png", "fig-trend.svg"]
    assert paths[1].read_bytes().startswith(b"%PDF")
    assert paths[4].read_bytes().startswith(b"\x89PNG")


def test_a_report_that_fails_leaves_the_old_one(executed, notebook, tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "report.html").write_text("good")
    broken = nbformat.from_dict(notebook)
    data = {"text/markdown": "see @fig-missing"}
    broken.cells[1].outputs.append(
        nbformat.v4.new_output("display_data", data=data, metadata={"evaluation": {"kind": "text"}})
    )
    nbformat.write(broken, executed)
    with pytest.raises(NotReportable, match="fig-missing"):
        export_report(executed, folder)
    assert (folder / "report.html").read_text() == "good"
    assert [path.name for path in folder.iterdir()] == ["report.html"]


def test_exporters_are_registered_under_their_names():
    from nbconvert.exporters import get_exporter

    assert get_exporter("evaluation_html").__name__ == "EvaluationHTMLExporter"
    assert get_exporter("evaluation_pdf").__name__ == "EvaluationPDFExporter"
    assert get_exporter("evaluation_docx").__name__ == "EvaluationDOCXExporter"
