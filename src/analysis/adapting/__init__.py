"""Adapting: a study proposed from the files found, and empty workbooks for those who have no file yet."""
