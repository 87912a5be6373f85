"""What the slip and the mails share: wording, masked addresses, phone numbers."""
