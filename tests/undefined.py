"""A variable that a template shows and nobody gave it fails the test that drew it.

Django draws nothing in its place and says so in a DEBUG line; this reads that line and
keeps it from the handlers, which would write a traceback for each. Only our own
templates count, and not what is asked for in an `if`, or has a `default`: there the
absence is meant.
"""

import inspect
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import override

import pytest
from django.template import VariableDoesNotExist
from django.template.base import FilterExpression, Node
from django.template.defaulttags import FirstOfNode, IfNode

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
ABSENCE_IS_MEANT = {"default", "default_if_none"}


class UndefinedVariableError(Exception):
    """Names the template and the variable."""


class _Absences(logging.Filter):
    @override
    def filter(self, record: logging.LogRecord) -> bool:
        kind = record.exc_info[0] if record.exc_info else None
        if kind is None or not issubclass(kind, VariableDoesNotExist):
            return True
        if isinstance(record.args, tuple) and str(record.args[0]).isdigit():
            return False  # The first of none: {% with mail=mails.0 %}
        place = _place()
        if place is not None:
            raise UndefinedVariableError(f"{place}: {record.getMessage()}")
        return False


def _place() -> str | None:
    """The tag that asked, when it is one of ours and may not ask in vain."""
    frame = inspect.currentframe()
    while frame is not None:
        asks = frame.f_locals.get("self")
        if isinstance(asks, FilterExpression) and any(
            getattr(function, "__name__", "") in ABSENCE_IS_MEANT
            for function, _ in asks.filters
        ):
            return None
        if isinstance(asks, Node):
            origin = getattr(asks, "origin", None)
            if origin is None or not str(origin.name).startswith(str(TEMPLATES)):
                return None
            if isinstance(asks, IfNode | FirstOfNode):
                return None
            line = asks.token.lineno if asks.token else 0
            return f"{origin.template_name}:{line}"
        frame = frame.f_back
    return None


@pytest.fixture(autouse=True)
def undefined_variables_fail() -> Iterator[None]:
    """Set up anew for each test: others configure logging for themselves."""
    logger = logging.getLogger("django.template")
    absences = _Absences()
    before = logger.level, logger.propagate, logger.disabled
    logger.addFilter(absences)
    logger.setLevel(logging.DEBUG)
    logger.propagate = logger.disabled = False
    yield
    logger.removeFilter(absences)
    logger.setLevel(before[0])
    logger.propagate, logger.disabled = before[1:]
