"""Which bootstrap weights an effect's p-value was drawn with, and whether a rule or the study chose them."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.effects.rows import Row, Subject, noted
from analysis.effects.wild_bootstrap import weights_by_rule
from analysis.study.settings import Inference


def bootstrap_row(subject: Subject, effect: Row, inference: Inference) -> Iterator[Row]:
    """``bootstrap_weights`` (term: the kind, estimate: how many clusters it was chosen for), where there is a p."""
    clusters = effect.get("clusters")
    if "p_wild" not in effect or not isinstance(clusters, int):
        return
    declared = inference.bootstrap_weights
    kind, chosen = (declared, "study") if declared else (weights_by_rule(clusters), "rule")
    counts = {"n": effect["n"], "n_treated": effect["n_treated"]}
    row = subject.row("bootstrap_weights", kind, estimate=float(clusters), note=noted([("by", chosen)]), **counts)
    yield {**row, "unit": "count"}
