"""The pages below `/<lang>/keys/`."""
