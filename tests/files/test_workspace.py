from analysis.files import Workspace, project_root


def test_the_root_is_the_nearest_folder_with_studies_and_notebooks(tmp_path, monkeypatch):
    monkeypatch.delenv("EVALUATION_ROOT", raising=False)
    for name in ("studies", "notebooks"):
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path / "notebooks")
    assert project_root() == tmp_path.resolve()


def test_the_declared_root_wins(tmp_path, monkeypatch):
    monkeypatch.setenv("EVALUATION_ROOT", str(tmp_path))
    workspace = Workspace.of("trial")
    assert workspace.raw == tmp_path / "data" / "raw" / "trial"
    assert workspace.table("clean/pupils") == tmp_path / "data" / "processed" / "trial" / "clean" / "pupils.parquet"


def test_shown_paths_stay_below_the_root(tmp_path, monkeypatch):
    monkeypatch.setenv("EVALUATION_ROOT", str(tmp_path))
    workspace = Workspace.of("trial")
    assert workspace.shown(workspace.raw / "a.csv") == "data/raw/trial/a.csv"
    assert workspace.shown(tmp_path.parent / "elsewhere" / "b.csv") == "b.csv"
