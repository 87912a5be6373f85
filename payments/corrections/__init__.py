"""Correcting the method of a payment that was booked wrongly."""
