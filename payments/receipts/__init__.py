"""The receipt of a payment: its gapless number, its PDF, its page."""
