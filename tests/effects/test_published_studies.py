"""Every shipped study on published data gives the number in print, by its settings alone."""

from __future__ import annotations

import gzip
from importlib.resources import files
from io import BytesIO

import pandas as pd
import pytest

from analysis.cleaning import clean_source
from analysis.effects import estimate_chapter
from analysis.files import Workspace, project_root
from analysis.linkage.pseudonyms import PUBLIC_KEY, Pseudonymiser
from analysis.panels import declared_panels
from analysis.sources import read_source
from analysis.study import load_study

ROOT = project_root()
STUDIES = sorted(
    path.parent.name for path in (ROOT / "studies").glob("*/study.yml") if "published:" in path.read_text("utf-8")
)


@pytest.mark.parametrize("name", STUDIES)
def test_the_number_in_print_is_reproduced_to_its_last_digit(in_print, name):
    study, workspace = load_study(name, ROOT), Workspace(name, ROOT)
    clean = {
        source: clean_source(study, source, read_source(study, source, workspace), Pseudonymiser(PUBLIC_KEY)).accepted
        for source in study.sources
    }
    rows = estimate_chapter(study, "other", declared_panels(study, clean))
    printed = rows[rows["measure"] == "published"]
    declared = [one for one in study.outcomes.values() if one.published]
    assert len(printed) == len(declared) > 0
    ours = rows[rows["measure"] == "as_published"].set_index("outcome")
    for outcome, one in ((name, declared.published) for name, declared in study.outcomes.items() if declared.published):
        said = (study.designs[study.outcomes[outcome].design].kind, f"{one.source.en} (studies/{name})")
        in_print(*said, outcome, one.estimate, ours.loc[outcome, "estimate"], one.decimals)
        if one.se is not None:
            in_print(*said, f"{outcome}, SE", one.se, ours.loc[outcome, "se"], one.decimals)
    assert printed["note"].str.endswith("reproduced=yes").all(), printed[["outcome", "estimate", "se", "note"]]


def test_there_is_a_study_of_each_kind_of_design():
    kinds = {design.kind for name in STUDIES for design in load_study(name, ROOT).designs.values()}
    assert kinds >= {"randomised", "two_waves", "staggered", "weighting", "offer", "discontinuity", "duration"}


def test_the_shipped_file_of_counties_is_the_packages_own():
    packed = files("moderndid").joinpath("core/datasets/mpdta_long.pkl.gz").read_bytes()
    carried = pd.read_pickle(BytesIO(gzip.decompress(packed)))
    written = carried.to_csv(index=False, lineterminator="\n")
    assert (ROOT / "data/raw/mpdta/mpdta.csv").read_text("utf-8") == written
