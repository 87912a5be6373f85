"""What is kept of a person, model by model; each app brings its own.

A section takes every field of its model, a new one too, unless it is left out with the
reason. A test walks the models: one that leads to a person and has no section fails,
and so does a field that says something of the person and is left out.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models
from django.utils.translation import gettext_lazy as _

from counter.crypto.encryption import SealedText

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

    from counter.models import Applicant

    type Rows = models.QuerySet[Any]
    type Words = str | StrPromise
    type AnyField = models.Field[Any, Any]


class LeftOut(Enum):
    """Why a field is not handed over to the person."""

    #: Whoever had it could sign in, or make the code and the link.
    SECRET = _("it would open something: a password, a code, a key")
    INDEX = _("computed from what is shown, for finding it again")
    #: Printed in every file, so that its presence reveals nothing.
    LAW = _("what the law forbids us to tell, where there is any (GDPR, article 23)")
    HOUSE = _("internal numbers of the software, and who of the staff it was")


@dataclass(frozen=True, kw_only=True)
class Section:
    """The rows of one model that are about somebody.

    `labels` are for fields whose own name says too little. `left_out` says by field why
    it is not shown.
    """

    order: int
    model: str
    title: "Words"
    rows: "Callable[[Applicant], Rows]"
    left_out: "Mapping[str, LeftOut]" = field(default_factory=dict)
    labels: "Mapping[str, Words]" = field(default_factory=dict)
    #: Takes out of a row, before it is shown, what is about somebody else.
    hide: "Callable[[Applicant, Any], None] | None" = None

    @property
    def model_class(self) -> type[models.Model]:
        return apps.get_model(self.model)

    @property
    def shown_fields(self) -> "list[AnyField]":
        """In the order of the model."""
        fields = self.model_class._meta.concrete_fields
        return [each for each in fields if each.name not in self.left_out]

    def label(self, shown: "AnyField") -> str:
        return str(self.labels.get(shown.name) or getattr(shown, "verbose_name", ""))


def sealed_attributes(model: type[models.Model]) -> dict[str, str]:
    """By column, the attribute that opens it."""
    return {
        attribute.column: name
        for name, attribute in vars(model).items()
        if isinstance(attribute, SealedText)
    }


def left_out(reason: LeftOut, names: str) -> dict[str, LeftOut]:
    return dict.fromkeys(names.split(), reason)
