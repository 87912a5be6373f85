"""Peter with his account, as on the pages of key holders."""

from tests.activation.keys.conftest import app, holder, signed_in

__all__ = ["app", "holder", "signed_in"]
