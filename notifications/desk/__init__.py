"""What the desk shows of mails, and what clerks decide about them."""
