"""Helpers for the slip and the mails: wording, masked addresses, phone numbers."""
