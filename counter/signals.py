"""What happened to accounts of staff, for those who write to them about it.

Sent inside the transaction that made it so, as activation/signals.py are.
"""

from django.dispatch import Signal

#: link: PasswordLink. It has to reach the mailbox of its account.
password_link_made = Signal()

#: change: AccountChange. The owner of the account and a second supervisor are told.
account_changed = Signal()

#: enquiry: Enquiry, at: datetime. Its answer has to reach who asked.
enquiry_answered = Signal()
