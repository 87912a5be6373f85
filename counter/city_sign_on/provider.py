"""The checked settings of the city's sign-on (docs/settings.md#the-citys-sign-on)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

from counter.enums import Role
from counter.web.safe_address import is_safe

#: The path of an issuer's directory (OpenID Connect Discovery, section 4).
_DIRECTORY: Final = "/.well-known/openid-configuration"


@dataclass(frozen=True)
class Provider:
    """`settings.CITY_SIGN_ON`, checked; its repr has no secret.

    The order of `roles` matters: when a person has several, the first one counts.
    """

    name: str
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    scopes: str
    role_claim: str
    roles: Mapping[str, Role]
    office_claim: str
    user_name_claim: str
    acr: tuple[str, ...]
    amr: frozenset[str]
    makes_accounts: bool
    asks_again: bool

    @property
    def directory(self) -> str:
        return self.issuer.rstrip("/") + _DIRECTORY


def find() -> Provider | None:
    """The provider, or None when no city's sign-on is configured.

    Raises ImproperlyConfigured, without a secret in it. `counter.checks` calls this
    at the start.
    """
    setting = settings.CITY_SIGN_ON
    if not setting.get("issuer"):
        return None
    if not is_safe(setting["issuer"]) or urlsplit(setting["issuer"]).query:
        raise ImproperlyConfigured("CITY_SIGN_ON_ISSUER is not https://.")
    for key in ("name", "client_id", "client_secret", "role_claim", "roles"):
        if not setting.get(key):
            raise ImproperlyConfigured(f"CITY_SIGN_ON_{key.upper()} is missing.")
    try:
        roles = {value: Role(role) for value, role in setting["roles"].items()}
    except ValueError:
        raise ImproperlyConfigured(
            f"CITY_SIGN_ON_ROLES: a role is one of {', '.join(Role.values)}."
        ) from None
    return Provider(
        name=setting["name"],
        issuer=setting["issuer"],
        client_id=setting["client_id"],
        client_secret=setting["client_secret"],
        scopes=setting.get("scopes") or "openid profile email",
        role_claim=setting["role_claim"],
        roles=roles,
        office_claim=setting.get("office_claim", ""),
        user_name_claim=setting.get("user_name_claim") or "preferred_username",
        acr=tuple(setting.get("acr", ())),
        amr=frozenset(setting.get("amr", ())),
        makes_accounts=bool(setting.get("makes_accounts")),
        asks_again=bool(setting.get("asks_again", True)),
    )


def name() -> str:
    """The city's name for its sign-on; "" when none is configured."""
    provider = find()
    return provider.name if provider else ""


def way_back() -> str:
    """The URL to which the provider sends the browser; its host is that of SITE_URL."""
    return settings.SITE_URL + reverse("counter_city_sign_on:come_back")


def way_out() -> str:
    """The URL to which the provider sends the browser after signing out."""
    return settings.SITE_URL + reverse("counter_sign_in:sign_in")
