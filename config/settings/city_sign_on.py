"""The city's own sign-on, from the environment (docs/settings.md)."""

from typing import Any

from config import environment


def from_environment() -> dict[str, Any]:
    """`CITY_SIGN_ON`, as counter.city_sign_on.provider reads it; empty if no issuer is
    set.
    """
    if not environment.text("CITY_SIGN_ON_ISSUER", ""):
        return {}
    return {
        "issuer": environment.text("CITY_SIGN_ON_ISSUER", ""),
        "name": environment.text("CITY_SIGN_ON_NAME", ""),
        "client_id": environment.text("CITY_SIGN_ON_CLIENT_ID", ""),
        "client_secret": environment.text("CITY_SIGN_ON_CLIENT_SECRET", ""),
        "scopes": environment.text("CITY_SIGN_ON_SCOPES", "openid profile email"),
        "role_claim": environment.text("CITY_SIGN_ON_ROLE_CLAIM", "roles"),
        "roles": environment.texts_by_name("CITY_SIGN_ON_ROLES"),
        "office_claim": environment.text("CITY_SIGN_ON_OFFICE_CLAIM", ""),
        "user_name_claim": environment.text(
            "CITY_SIGN_ON_USER_NAME_CLAIM", "preferred_username"
        ),
        "acr": environment.words("CITY_SIGN_ON_ACR", ""),
        "amr": environment.words("CITY_SIGN_ON_AMR", ""),
        "makes_accounts": environment.boolean(
            "CITY_SIGN_ON_MAKES_ACCOUNTS", default=False
        ),
        "asks_again": environment.boolean("CITY_SIGN_ON_ASKS_AGAIN", default=True),
    }
