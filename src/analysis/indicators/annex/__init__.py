"""The annex to ИСУН's technical report: exact counts in ИСУН's own layout and arithmetic, for official use only."""

from analysis.indicators.annex.book import isun_annex

__all__ = ["isun_annex"]
