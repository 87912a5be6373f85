"""Peter with his account, as in the tests of key holders; requests are not logged."""

import logging
from collections.abc import Iterator

import pytest

from tests.activation.holder.conftest import app, holder, signed_in

__all__ = ["app", "holder", "signed_in"]


@pytest.fixture(autouse=True)
def figures_only() -> Iterator[None]:
    """Log no single requests, which would bury the figures; errors are still logged."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)
