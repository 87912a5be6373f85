"""The key holder's own page, below `/<lang>/keys/`."""
