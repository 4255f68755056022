"""How long our estimators take beside the fastest correct library on PyPI, on the same data, for the same number."""
