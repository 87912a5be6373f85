"""What happened, for those who tell the person about it.

Sent inside the transaction that made it so: a receiver writes what it has to send
there and then, and an error in a receiver rolls all of it back. Receivers live in
apps to the left of the import line; the arguments are named below.
"""

from django.dispatch import Signal

#: code: ActivationCode. A code was issued, and its link has to reach the person.
code_issued = Signal()

#: codes: Sequence[ActivationCode]. These codes and their links are dead; what waits
#: need not be sent. One that somebody ended, or a batch of those that ended by
#: themselves.
codes_ended = Signal()

#: code: ActivationCode, at: datetime. A code is on hold: its mails are not sent.
code_held = Signal()

#: code: ActivationCode, since: datetime, at: datetime. A code is off hold again, or was
#: locked by mistake: what was not sent since then is sent now.
code_released = Signal()

#: one_time_code: OneTimeCode. Six digits have to reach the key's destination now.
one_time_code_requested = Signal()

#: key: DigitalKey. A key is active; the person gets a confirmation.
key_activated = Signal()

#: change: HolderChange. Something changed in an account; its holder is told.
holder_changed = Signal()

#: dossier: Dossier, at: datetime. A clerk wants its link mailed once more: whoever
#: sends mails refuses with MailOnItsWayError or EnoughMailsError of
#: activation.codes.reissuing.
before_link_again = Signal()

#: code: ActivationCode, nth: int, at: datetime. Its link is to be mailed once more,
#: for the nth time.
link_asked_again = Signal()

#: code: ActivationCode. The person said not to have asked for it; the office is told.
code_frozen = Signal()

#: enquiry: Enquiry, at: datetime. A question has to reach the office's mailbox.
question_asked = Signal()

#: change: AddressChange. A dossier has another address; the old one is told.
address_changed = Signal()

#: change: AddressChange. The old address did not ask for it; the office is told.
address_objected = Signal()
