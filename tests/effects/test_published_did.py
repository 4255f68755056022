"""Published group-time effects of minimum wages (Callaway & Sant'Anna 2021; the did vignette), as 2 x 2 designs."""

import numpy as np
import pandas as pd
import pytest

from analysis.effects import did
from analysis.effects.cells import collapse
from analysis.study.design_settings import DifferenceInDifferences

PUBLISHED = {
    (2004, 2004): -0.0105,
    (2004, 2005): -0.0704,
    (2004, 2006): -0.1373,
    (2004, 2007): -0.1008,
    (2006, 2006): -0.0046,
    (2006, 2007): -0.0412,
    (2007, 2007): -0.0261,
}
PLACEBO = {
    (2006, 2004): 0.0065,
    (2006, 2005): -0.0028,
    (2007, 2004): 0.0305,
    (2007, 2005): -0.0027,
    (2007, 2006): -0.0311,
}


@pytest.fixture(scope="module")
def counties():
    import moderndid

    table = pd.DataFrame(moderndid.load_mpdta().to_dict(as_series=False))
    return table.rename(columns={"countyreal": "county", "first.treat": "first"})


@pytest.mark.parametrize(
    ("cohort", "year", "base", "published"),
    [
        *((cohort, year, cohort - 1, value) for (cohort, year), value in PUBLISHED.items()),
        *((cohort, year, year - 1, value) for (cohort, year), value in PLACEBO.items()),
    ],
)
def test_group_time_effect(in_print, counties, cohort, year, base, published):
    rows = counties[counties["first"].isin([0, cohort]) & counties["year"].isin([base, year])]
    rows = rows.assign(raised=rows["first"] == cohort)
    design = DifferenceInDifferences(
        kind="difference_in_differences", unit="county", time="year", cluster="county", treated="raised", start=year
    )
    estimate = did.pooled_effect(collapse(rows, "lemp", design))
    what = f"ATT({cohort}, {year})"
    said = ("difference-in-differences", "Callaway & Sant'Anna (2021), did vignette (mpdta)")
    in_print(*said, what, published, estimate.estimate, 4)
    change = rows.pivot(index="county", columns="year", values="lemp")
    change, treated = (change[year] - change[base]).to_numpy(), (rows.groupby("county")["raised"].first()).to_numpy()
    spread = sum(change[group].var(ddof=1) / group.sum() for group in (treated, ~treated))
    assert estimate.se == pytest.approx(np.sqrt(spread), rel=1e-10)  # CR2 of a 2 x 2 panel is Welch's standard error
    assert estimate.clusters == len(change)
