"""Whether two addresses lead to one mailbox, as far as addresses show it."""

from django.views.decorators.debug import sensitive_variables

from counter.email import mail_syntax
from counter.email.mail_providers import SAME_MAILBOX


@sensitive_variables()
def mailbox_of(address: str) -> str:
    """The address in lower case, without dots and without the part after a plus sign.

    Large mail services deliver all such spellings to one mailbox, and some have several
    domains for one mailbox. At other services two people's addresses may differ by a
    dot, so equal results only mean that it may be the same mailbox.
    """
    local, _at, domain = mail_syntax.comparable(address).rpartition("@")
    domain = SAME_MAILBOX.get(domain, domain)
    return f"{local.partition('+')[0].replace('.', '')}@{domain}"
