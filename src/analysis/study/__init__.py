"""Study settings: what an adapter declares, checked before anything runs."""

from analysis.study.fields import RegisterField
from analysis.study.load import SettingsRefused, load_study, study_folder
from analysis.study.registers import Register, load_codes, load_register, register_of
from analysis.study.settings import Outcome, Source, Study

__all__ = [
    "Outcome",
    "Register",
    "RegisterField",
    "SettingsRefused",
    "Source",
    "Study",
    "load_codes",
    "load_register",
    "load_study",
    "register_of",
    "study_folder",
]
