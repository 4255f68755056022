"""Files: where things lie, how they are written, and what was wrong in them."""

from analysis.files.findings import Finding, InputRefused, findings_of, findings_table
from analysis.files.results import COLUMNS as RESULT_COLUMNS
from analysis.files.results import result_id, results_table
from analysis.files.workspace import Workspace, project_root
from analysis.files.writing import read_table, replacing, sha256, write_bytes, write_csv, write_table, write_text

__all__ = [
    "RESULT_COLUMNS",
    "Finding",
    "InputRefused",
    "Workspace",
    "findings_of",
    "findings_table",
    "project_root",
    "read_table",
    "replacing",
    "result_id",
    "results_table",
    "sha256",
    "write_bytes",
    "write_csv",
    "write_table",
    "write_text",
]
