"""Signals of activation, for the apps that send mails and text messages about them.

A signal is sent inside the transaction of the change. A receiver writes the messages to
send in the same transaction, and an error in a receiver rolls back the change too. The
receivers are in apps that may import this one (docs/architecture.md), never the other
way round. The comments name the arguments of each signal.
"""

from django.dispatch import Signal

#: code: ActivationCode. A code was issued, and its link has to reach the person.
code_issued = Signal()

#: codes: Sequence[ActivationCode]. These codes and their links no longer work, so mails
#: that wait need not be sent. It is one code that somebody ended, or a batch of codes
#: that lapsed.
codes_ended = Signal()

#: code: ActivationCode, at: datetime. A code is on hold: its mails are not sent.
code_held = Signal()

#: code: ActivationCode, since: datetime, at: datetime. A code is no longer on hold, or
#: it was locked by mistake at `since`: the mails that were not sent since are sent now.
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

#: code: ActivationCode, nth: int, at: datetime. The link of the code has to be mailed
#: again, for the nth time.
link_asked_again = Signal()

#: code: ActivationCode. The code is frozen, because the person said that they did not
#: ask for it. The office gets a mail.
code_frozen = Signal()

#: enquiry: Enquiry, at: datetime. A question has to reach the office's mailbox.
question_asked = Signal()

#: change: AddressChange. A dossier has another address; the old address gets a mail.
address_changed = Signal()

#: change: AddressChange. The old address objected to it; the office gets a mail.
address_objected = Signal()
