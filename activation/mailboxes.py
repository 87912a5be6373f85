"""Whether two addresses lead to one mailbox, as far as addresses show it."""

import unicodedata

from django.views.decorators.debug import sensitive_variables


@sensitive_variables()
def mailbox_of(address: str) -> str:
    """What addresses of one mailbox share: no case, no dots, nothing after a plus.

    Large mail services read them so. Elsewhere two people may differ by a dot; so this
    is only for telling that one mailbox is not certainly another.
    """
    folded = unicodedata.normalize("NFC", address.strip()).casefold()
    local, _at, domain = folded.rpartition("@")
    return f"{local.partition('+')[0].replace('.', '')}@{_ascii(domain)}"


def _ascii(domain: str) -> str:
    try:
        return domain.encode("idna").decode()
    except UnicodeError:
        return domain
