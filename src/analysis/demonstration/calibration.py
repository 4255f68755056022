"""The figures by which the synthetic study is drawn, in one place.

They follow published orders of magnitude where there are any (leavers by stage and reason: National Statistical
Institute, school year 2019/20; participants: budgets of comparable contracts) and are assumptions otherwise. None of
them is a result.
"""

from __future__ import annotations

from datetime import date

FIRST_YEAR, LAST_YEAR = (
    2016,
    2023,
)  # school years by their first calendar year; of the last only the autumn list is written
HIDDEN_YEAR = (
    FIRST_YEAR - 12
)  # drawn until every pupil of the first stock has left, so that schools have a steady mix; never written
TREATED_YEARS = (2021, 2022)
PROJECT_START, PROJECT_END = date(2021, 10, 1), date(2023, 10, 31)
DATA_CUT_OFF = date(2024, 6, 30)

# Pupils at risk: the same rule that the study declares
RISK_HOURS, RISK_GPA, RISK_SIGNS = 12.0, 3.75, 2
CHRONIC_HOURS = 11.0  # a tenth of 110 lesson hours a month

# Leaving school within a year, by stage: primary, lower secondary, upper secondary
DROPOUT_AT_RISK = (0.062, 0.070, 0.078)
DROPOUT_OTHERS = (0.012, 0.016, 0.021)
ABROAD = (0.011, 0.011, 0.003)
MOVED_AWAY, MOVED_WITHIN, DEATH = 0.006, 0.015, 0.0001
DROPOUT_YEAR = {2015: 1.0, 2016: 1.02, 2017: 0.98, 2018: 1.03, 2019: 1.0, 2020: 0.94, 2021: 1.04, 2022: 1.0, 2023: 1.0}
DOCUMENTS = {"dropout": 0.72, "not_compulsory": 0.08, "other": 0.06, "": 0.14}  # what the registers say of a dropout
ARRIVALS = 0.004  # pupils from elsewhere a year, as a share of all
RETURNS = 0.20  # share of dropouts who are back after a year away

# What the project (or a similar national measure) does to a pupil who takes part
DROPOUT_FACTOR = {"first_grade": 1.0, "to_seventh": 0.57, "from_eighth": 0.75}
HOURS_FACTOR, EXCESS_FACTOR = 0.85, 0.60  # of the hours below / above RISK_HOURS, see absences.with_measure
SPILLOVER = 0.10

# Shocks common to the pupils of one school in one year
SHOCK_PERSISTENCE, DROPOUT_SHOCK, HOURS_SHOCK = 0.4, 0.12, 0.05

# Participation of pupils of the project schools (log-odds; hours are per month, marks 2 to 6)
JOIN = {"constant": -1.95, "at_risk": 2.25, "hours": 0.05, "gpa": -0.35, "repeater": 0.5, "parents": 0.4}
STAYS_IN_PROJECT = 0.75
CHILDREN = 420  # of them kindergarten children, who are on no pupil list
KINDERGARTEN, PARENTS, PARENTS_IN_BOTH = 22, 30, 12

# Labour: persons, arms (seven persons have two activities) and months
PARTICIPANTS, COMPARISONS, POOL = 320, 1600, 9000
ARMS = {"subsidised_employment": 45, "motivation_training": 180, "vocational_training": 83, "self_employment": 12}
TWO_ACTIVITIES = 7
ENTRY_MONTHS = ("2021-11", "2022-12")
ENTRY_WEIGHTS = (10, 8, 28, 34, 36, 30, 26, 22, 16, 10, 30, 28, 24, 18)

CONTRACTS = {"OPHRD": "BG05M9OP001-2.056-0014-C01", "OPSESG": "BG05M9OP001-2.056-0014-2014BG05M2OP001-C01"}
