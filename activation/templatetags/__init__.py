"""Tags of the public's pages; Django looks for them here."""
