"""How it was paid was booked wrongly: put right in the books."""
