"""The pages of a reversal, its hand-over, and the finance service's refund."""
