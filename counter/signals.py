"""Signals about accounts of staff and enquiries, after which a mail has to be sent.

They are sent inside the transaction of the change, as those of activation/signals.py.
"""

from django.dispatch import Signal

#: link: PasswordLink. It is mailed to the address of its account.
password_link_made = Signal()

#: change: AccountChange. The owner of the account and a second supervisor are told.
account_changed = Signal()

#: enquiry: Enquiry, at: datetime. The answer is mailed to the sender of the enquiry.
enquiry_answered = Signal()
