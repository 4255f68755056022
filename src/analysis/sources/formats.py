"""What a file is, by its first bytes and not by its name."""

from __future__ import annotations

import io
import zipfile
from typing import Literal

from analysis.sources.tables import Refused

Kind = Literal["text", "xlsx", "xlsb", "ods", "xls", "sav", "dta", "parquet", "archive"]
ZIP_MARKS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
EXTENSIONS: dict[str, set[str]] = {
    "text": {"csv", "txt", "tsv", "tab", "dat", "asc"},
    "xlsx": {"xlsx", "xlsm", "xltx", "xltm"},
    "xlsb": {"xlsb"},
    "xls": {"xls", "xlt"},
    "ods": {"ods", "ots"},
    "sav": {"sav", "zsav"},
    "dta": {"dta"},
    "parquet": {"parquet", "pq"},
    "archive": {"zip"},
}
UNSUPPORTED = [
    (b"%PDF", "PDF"),
    (b"{\\rtf", "RTF"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!", "RAR"),
    (b"\x1f\x8b", "gzip"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
]
WEB = (b"<!doctype html", b"<html", b"<table", b"<head", b"<body", b"<meta")


def kind_of(content: bytes) -> Kind:
    """The kind of a file; Refused when it is empty, damaged, protected, or of a kind that holds no table."""
    if not content.strip(b" \t\r\n\0\xef\xbb\xbf\xff\xfe"):
        raise Refused("reading.empty_file")
    if content.startswith(ZIP_MARKS):
        return _kind_of_zip(content)
    if content.startswith(COMPOUND):
        return _kind_of_compound(content)
    if content[:4] in (b"$FL2", b"$FL3"):
        return "sav"
    if content.startswith(b"<stata_dta>") or _is_old_stata(content):
        return "dta"
    if content.startswith(b"PAR1"):
        return "parquet"
    for mark, name in UNSUPPORTED:
        if content.startswith(mark):
            raise Refused("reading.unsupported", kind=name)
    return _text_or_web(content)


def _is_old_stata(content: bytes) -> bool:
    return len(content) > 60 and 0x66 <= content[0] <= 0x73 and content[1] in (1, 2) and content[2:4] == b"\x01\x00"


def _text_or_web(content: bytes) -> Kind:
    start = content[:2000].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if start.startswith(WEB):
        raise Refused("reading.web_page")
    if start.startswith(b"<?xml"):
        raise Refused("reading.web_page" if b"<html" in start else "reading.unsupported", kind="XML")
    return "text"


def _kind_of_zip(content: bytes) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except Exception:  # zipfile raises a dozen kinds on damaged archives
        raise Refused("reading.damaged") from None
    for part, kind in (("xl/workbook.xml", "xlsx"), ("xl/workbook.bin", "xlsb"), ("content.xml", "ods")):
        if part in names:
            return kind  # type: ignore[return-value]
    if "[Content_Types].xml" in names:
        word = any(name.startswith("word/") for name in names)
        raise Refused("reading.unsupported", kind="DOCX") if word else Refused("reading.damaged")
    return "archive"


def _kind_of_compound(content: bytes) -> Kind:
    """Old Excel, old Word and password-protected new Excel share one container; its streams are named in UTF-16."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise Refused("reading.password")
    if "WordDocument".encode("utf-16-le") in content:
        raise Refused("reading.unsupported", kind="DOC")
    if "Workbook".encode("utf-16-le") in content or b"B\0o\0o\0k\0" in content:
        return "xls"
    raise Refused("reading.damaged")
