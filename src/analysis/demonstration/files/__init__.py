"""Writers: the synthetic study as the files that institutions would send."""
