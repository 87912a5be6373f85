"""Whether two addresses lead to one mailbox, as far as addresses show it."""

from django.views.decorators.debug import sensitive_variables

from counter.email import mail_syntax
from counter.email.mail_providers import SAME_MAILBOX


@sensitive_variables()
def mailbox_of(address: str) -> str:
    """The spelling that a mailbox's addresses share: no case, no dots, no plus part.

    Large mail services read addresses like this, and some have one mailbox under
    several domains. Elsewhere two people's addresses may differ by a dot, so equal
    results only mean that it may be the same mailbox.
    """
    local, _at, domain = mail_syntax.comparable(address).rpartition("@")
    domain = SAME_MAILBOX.get(domain, domain)
    return f"{local.partition('+')[0].replace('.', '')}@{domain}"
