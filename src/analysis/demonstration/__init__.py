"""The generator of the synthetic study: fictitious pupils, adults, schools and employers in the institutions' file
formats.

How comparison persons must be given a pseudo-entry for its figures to be found again is said in ``labour_study``,
what an effect is in ``truth``, what makes trends parallel in ``pupils`` and ``absences``.
"""

from analysis.demonstration.drawing import Demonstration, draw
from analysis.demonstration.files.study_files import generate, write, write_sheets
from analysis.demonstration.profile import PROFILE, load_profile
from analysis.demonstration.town import generate_town
from analysis.demonstration.truth import answer_key

__all__ = [
    "PROFILE",
    "Demonstration",
    "answer_key",
    "draw",
    "generate",
    "generate_town",
    "load_profile",
    "write",
    "write_sheets",
]
