"""What would give a hidden number away goes with it: the rest of a path, and the pool of a hidden part."""

from __future__ import annotations

from analysis.disclosure import protect
from analysis.files import results_table
from analysis.study.settings import Disclosure

RULES = Disclosure(threshold=5, minimum_denominator=10)
BASE = {"chapter": "other", "outcome": "dropout", "population": "everybody", "design": "d", "unit": "share"}


def path(shares, n=60):
    base = {**BASE, "measure": "path", "n": n}
    return [{**base, "term": f"{2000 + place}/project", "estimate": share} for place, share in enumerate(shares)]


def shown(rows):
    return protect(results_table(rows), RULES).set_index("result_id")


def test_one_rare_time_takes_the_whole_path_and_the_level_beside_it():
    effect = {**BASE, "measure": "effect", "estimate": -0.02, "baseline": 0.1, "n": 60, "n_treated": 60}
    table = shown([effect, *path([0.2, 0.2, 0.03])])
    assert table["estimate"].notna().sum() == 1
    assert table["baseline"].isna().all()
    table = shown([effect, *path([0.2, 0.2, 0.2])])
    assert table["estimate"].notna().all() and table["baseline"].notna().any()


def test_a_bin_of_few_with_the_trait_is_hidden_and_the_others_stay():
    base = {**BASE, "measure": "bin", "n": 20}
    bins = [{**base, "term": str(place), "estimate": share} for place, share in enumerate((0.5, 0.1, 0.4))]
    assert shown(bins)["estimate"].isna().tolist() == [False, True, False]


def test_a_pool_goes_with_a_hidden_part():
    pooled = {**BASE, "population": "pooled"}
    weights = {"measure": "pooled_weight", "estimate": 0.5}
    rows = [{**BASE, "population": "few", "measure": "effect", "estimate": 0.2, "n": 9, "n_treated": 5}]
    rows += [{**BASE, "population": "many", "measure": "effect", "estimate": 0.1, "n": 90, "n_treated": 50}]
    for part, n in (("few", 9), ("many", 90)):
        rows.append({**pooled, "measure": "pooled_part", "term": f"dropout/{part}", "estimate": 0.1, "n": n})
        rows.append({**pooled, **weights, "term": f"dropout/{part}"})
    rows.append({**pooled, "measure": "pooled", "estimate": 0.15, "n": 99})
    table = shown(rows)
    assert table.index[table["estimate"].notna()].tolist() == ["other/dropout/many/d/effect"]
