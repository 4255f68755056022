"""The road from raw files to reports: a study's stages, what each depends on, and running the ones that must run."""
