"""Sections: which models keep data of a person. Each app has its own sections.

A section exports every field of its model, also new ones, except those in `left_out`,
which need a reason. A test visits all models. It fails for a model with a relation to a
person but without a section, and for a field with personal data that is left out.
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
    """Why a field is not exported."""

    #: Whoever has it could sign in, or compute the code and the link.
    SECRET = _("it would open something: a password, a code, a key")
    INDEX = _("computed from what is shown, for finding it again")
    #: This reason is in every export, so its presence reveals nothing.
    LAW = _("what the law forbids us to tell, where there is any (GDPR, article 23)")
    HOUSE = _("internal numbers of the software, and who of the staff it was")


@dataclass(frozen=True, kw_only=True)
class Section:
    """The rows of one model that are about a person.

    `labels` replaces the names of fields that are not clear enough. `left_out` maps the
    fields that are not exported to the reason.
    """

    order: int
    model: str
    title: "Words"
    rows: "Callable[[Applicant], Rows]"
    left_out: "Mapping[str, LeftOut]" = field(default_factory=dict)
    labels: "Mapping[str, Words]" = field(default_factory=dict)
    #: Removes from a row, before it is exported, what is about somebody else.
    hide: "Callable[[Applicant, Any], None] | None" = None

    @property
    def model_class(self) -> type[models.Model]:
        return apps.get_model(self.model)

    @property
    def shown_fields(self) -> "list[AnyField]":
        """The exported fields, in the order of the model."""
        fields = self.model_class._meta.concrete_fields
        return [each for each in fields if each.name not in self.left_out]

    def label(self, model_field: "AnyField") -> str:
        return str(
            self.labels.get(model_field.name)
            or getattr(model_field, "verbose_name", "")
        )


def sealed_attributes(model: type[models.Model]) -> dict[str, str]:
    """Maps each encrypted column to the attribute that decrypts it."""
    return {
        attribute.column: name
        for name, attribute in vars(model).items()
        if isinstance(attribute, SealedText)
    }


def left_out(reason: LeftOut, names: str) -> dict[str, LeftOut]:
    return dict.fromkeys(names.split(), reason)
