"""statsmodels' chained equations without a formula for each step, which took nine tenths of the time."""

from __future__ import annotations

import numpy as np
from statsmodels.imputation.mice import MICEData

from analysis.effects.estimate import Floats

Words = dict[str, object]


class Chain(MICEData):  # type: ignore[misc]
    """A chain in which every column is predicted from all others: the same imputations, to the bit.

    The first column is the constant; with it no row is wholly empty, which MICEData would leave out.
    """

    def scatter(self) -> None:
        """Start from values drawn from those known, so that chains begin apart and can be seen to come together."""
        for name in self._cycle_order:
            known = self.data[name].to_numpy()[self.ix_obs[name]]
            self._store_changes(name, self.rng.choice(known, len(self.ix_miss[name])))

    def get_fitting_data(self, vname: str) -> tuple[Floats, Floats, Words, Words]:
        rows = self.ix_obs[vname]
        return self.data[vname].to_numpy()[rows], self._others(vname)[rows], {}, {}

    def get_split_data(self, vname: str) -> tuple[Floats, Floats, Floats, Words, Words]:
        others, seen, missing = self._others(vname), self.ix_obs[vname], self.ix_miss[vname]
        return self.data[vname].to_numpy()[seen], others[seen], others[missing], {}, {}

    def _others(self, vname: str) -> Floats:
        table, place = self.data.to_numpy(), self.data.columns.get_loc(vname)
        return np.delete(table, place, axis=1)
