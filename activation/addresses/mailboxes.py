"""Whether two addresses lead to one mailbox, as far as addresses show it."""

from django.views.decorators.debug import sensitive_variables

from counter.email import mail_syntax
from counter.email.mail_providers import SAME_MAILBOX


@sensitive_variables()
def mailbox_of(address: str) -> str:
    """What addresses of one mailbox share: no case, no dots, nothing after a plus.

    Large mail services read them so, and some have one mailbox under several domains.
    Elsewhere two people may differ by a dot; so this is only for telling that one
    mailbox is not certainly another.
    """
    local, _at, domain = mail_syntax.comparable(address).rpartition("@")
    domain = SAME_MAILBOX.get(domain, domain)
    return f"{local.partition('+')[0].replace('.', '')}@{domain}"
