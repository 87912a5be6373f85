"""The desk, what its field finds, and visits without a dossier."""
