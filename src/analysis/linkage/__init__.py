"""Linkage: identifiers become keyed pseudonyms, and records of one person are found in several registers."""

from analysis.linkage.pseudonyms import PUBLIC_KEY, Pseudonymiser, load_key

__all__ = ["PUBLIC_KEY", "Pseudonymiser", "load_key"]
