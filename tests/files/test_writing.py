import pandas as pd
import pytest

from analysis.files import read_table, replacing, sha256, write_csv, write_table, write_text


def test_a_failed_write_leaves_the_old_file_and_no_rubbish(tmp_path):
    path = tmp_path / "report.txt"
    write_text(path, "good")
    with pytest.raises(RuntimeError), replacing(path) as temporary:
        temporary.write_text("half")
        raise RuntimeError
    assert path.read_text(encoding="utf-8") == "good"
    assert [p.name for p in tmp_path.iterdir()] == ["report.txt"]


def test_equal_tables_give_equal_bytes(tmp_path):
    table = pd.DataFrame(
        {"ключ": pd.array(["а", None], dtype="str"), "n": pd.array([1, None], dtype="Int64"), "x": [0.1, 2.0]}
    )
    for name in ("a", "b"):
        write_table(tmp_path / f"{name}.parquet", table)
        write_csv(tmp_path / f"{name}.csv", table)
    assert sha256(tmp_path / "a.parquet") == sha256(tmp_path / "b.parquet")
    assert sha256(tmp_path / "a.csv") == sha256(tmp_path / "b.csv")
    pd.testing.assert_frame_equal(read_table(tmp_path / "a.parquet"), table)
