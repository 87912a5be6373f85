"""The views of the desk, its search, and visits that end without a dossier."""
