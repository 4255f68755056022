"""Proof of a run: comparing two of them, recomputing one, packing one for others."""
