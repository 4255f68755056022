"""The road from raw files to reports: which stages a study has, what each depends on, and running the ones that must run."""
