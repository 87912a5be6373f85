"""For operators: signs of life, readiness, and the head of the journal."""
