"""The receipt: its gapless number, its paper, its page."""
