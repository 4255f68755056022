"""Published values of weighting, regression adjustment and their union, standard errors included."""

import numpy as np
import pytest
import statsmodels.api as sm
from statsmodels.treatment.treatment_effects import TreatmentEffect

from analysis.effects.cluster import cr1, cr2
from analysis.effects.linear import fit_linear
from analysis.effects.propensity import fit_propensity
from analysis.effects.weighting import treatment_effects

# Stata 18 manual, teffects ra / ipw / aipw, examples on cattaneo2 with a probit treatment model.
STATA = [
    ("ra", "all", -239.639211, 23.824021),
    ("ra", "treated", -223.301651, 22.742195),
    ("ipw", "all", -230.688638, 25.815244),
    ("ipw", "treated", -225.177261, 23.664583),
    ("aipw", "all", -230.989201, 26.210565),
]
LALONDE_COVARIATES = ["age", "educ", "black", "hisp", "marr", "nodegree", "re74", "re75", "u74", "u75"]


def columns(table, names):
    return np.column_stack([np.ones(len(table)), table[names].to_numpy(dtype=float)])


@pytest.mark.parametrize(("method", "target", "estimate", "se"), STATA)
def test_stata_teffects_on_birth_weight(in_print, cattaneo, method, target, estimate, se):
    treated = cattaneo["mbsmoke_"].to_numpy() == 1
    outcome_matrix = columns(cattaneo, ["prenatal1_", "mmarried_", "mage", "fbaby_"])
    score_matrix = columns(cattaneo, ["mmarried_", "mage", "mage_squared", "fbaby_", "medu"])
    effects = treatment_effects(
        cattaneo[["bweight"]].to_numpy(dtype=float),
        treated,
        outcome_matrix,
        score_matrix,
        fit_propensity(score_matrix, treated, "probit"),
        method,
        target,
        normalised=method != "aipw",
    )
    said = ("weighting", "Stata 18 manual, teffects (cattaneo2)", f"{method}, {target}")
    in_print(*said, estimate, effects.estimate[0], 6)
    in_print(*said[:2], f"{said[2]}, SE", se, effects.se[0], 6)


def test_regression_and_weighting_are_those_of_statsmodels(second, cattaneo):
    """The effect on everybody; of that on the treated statsmodels has another definition of AIPW."""
    treated = cattaneo["mbsmoke_"].to_numpy() == 1
    matrix = columns(cattaneo, ["mmarried_", "mage", "fbaby_", "medu"])
    outcome = cattaneo["bweight"].to_numpy(dtype=float)
    score = sm.Logit(treated.astype(int), matrix).fit(disp=0, tol=1e-12)
    theirs = TreatmentEffect(sm.OLS(outcome, matrix), treated.astype(int), results_select=score)
    for method, name in (("ra", "ra"), ("ipw", "ipw"), ("aipw", "aipw")):
        ours = treatment_effects(
            outcome[:, None], treated, matrix, matrix, fit_propensity(matrix, treated), method, "all",
            normalised=method != "aipw",
        )  # fmt: skip
        found = getattr(theirs, name)(return_results=False)
        second("weighting", "statsmodels", f"{method}, all", float(np.ravel(found)[0]), ours.estimate[0], 1e-6)


def test_normalised_aipw_lies_near_the_unnormalised_one_and_its_error_is_that_of_the_bootstrap(cattaneo):
    """No value is published for the normalised form; its standard error is checked against the pairs bootstrap."""
    treated = cattaneo["mbsmoke_"].to_numpy() == 1
    matrix = columns(cattaneo, ["mmarried_", "fbaby_", "medu", "prenatal1_"])
    outcome = cattaneo[["bweight"]].to_numpy(dtype=float)

    def estimate(rows):
        score = fit_propensity(matrix[rows], treated[rows])
        return treatment_effects(outcome[rows], treated[rows], matrix[rows], matrix[rows], score)

    whole = estimate(np.arange(len(treated)))
    generator = np.random.default_rng(5)
    drawn = [estimate(generator.integers(0, len(treated), len(treated))).estimate[0] for _ in range(300)]
    assert whole.se[0] == pytest.approx(np.std(drawn), rel=0.12)  # 300 draws: 3 standard errors of a deviation


def test_experimental_estimate_of_the_nsw(in_print, lalonde):
    """1794.34; standard errors 632.85 (homoskedastic) and 670.82 (HC1), 671.00 (HC2): Imbens & Xu (2024), table B1."""
    nsw = lalonde[lalonde["source"] == "nsw"]
    fit = fit_linear(nsw["re78"].to_numpy(dtype=float), columns(nsw, ["treat"]), np.arange(len(nsw)))
    homoskedastic = np.sqrt(fit.bread[1, 1] * (fit.residuals**2).sum() / (len(nsw) - 2))
    said = ("randomised", "Imbens & Xu (2024), table B1 (NSW)")
    in_print(*said, "difference in means", 1794.34, fit.coefficients[1], 2)
    in_print(*said, "SE, homoskedastic", 632.85, homoskedastic, 2)
    in_print(*said, "SE, HC1", 670.82, cr1(fit, [1])[0], 2)
    in_print(*said, "SE, HC2", 671.00, cr2(fit, [1]).se[0], 2)


def test_lalonde_with_cps_comparison(in_print, lalonde):
    """Regression 1066.38 (626.85), Oaxaca-Blinder 1133.28, difference -8497.52 (581.92): Imbens & Xu (2024), B1."""
    sample = lalonde[(lalonde["source"] == "cps") | (lalonde["treat"] == 1)]
    outcome, treated = sample["re78"].to_numpy(dtype=float), sample["treat"].to_numpy() == 1
    assert len(sample) == 16177
    regression = fit_linear(outcome, columns(sample, ["treat", *LALONDE_COVARIATES]), np.arange(len(sample)))
    said = ("weighting", "Imbens & Xu (2024), table B1 (LDW-CPS)")
    in_print(*said, "regression", 1066.38, regression.coefficients[1], 2)
    in_print(*said, "regression, SE", 626.85, cr1(regression, [1])[0], 2)
    matrix = columns(sample, LALONDE_COVARIATES)
    oaxaca = treatment_effects(outcome[:, None], treated, matrix, None, None, method="ra")
    in_print(*said, "Oaxaca-Blinder", 1133.28, oaxaca.estimate[0], 2, 0.0051)  # ours 1133.275, on the edge of rounding
    difference = fit_linear(outcome, columns(sample, ["treat"]), np.arange(len(sample)))
    in_print(*said, "raw difference", -8497.52, difference.coefficients[1], 2)
    in_print(*said, "raw difference, SE", 581.92, cr1(difference, [1])[0], 2)
