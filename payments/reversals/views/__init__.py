"""The pages to ask for a reversal, decide, hand over, and note a bank refund."""
