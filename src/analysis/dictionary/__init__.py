"""The data dictionary and codebook, docs/data.md, from the registers, panels and results form the program uses."""

from analysis.dictionary.page import PAGE, dictionary_page

__all__ = ["PAGE", "dictionary_page"]
