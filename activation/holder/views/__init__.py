"""The pages with an address below `/<lang>/keys/`, for a holder of keys."""
