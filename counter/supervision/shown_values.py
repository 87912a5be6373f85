"""A stamp of what a form of the admin showed, which is sent back with the form.

The stamp is signed and has a short hash of each value that can be changed on the page,
of the row and of the rows below it. When the form is sent, the stamp tells which values
somebody else changed meanwhile, and which the reader changed.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import models
from django.forms import BaseForm, BaseInlineFormSet, Field
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

#: The hidden field's name.
NAME: Final = "_shown"

_SALT: Final = "counter.supervision.shown_values"
_DIGITS: Final = 12

type Hashes = dict[str, str]
#: The key of a row below, with its values.
type Below = dict[str, Hashes]
type Formset = BaseInlineFormSet[Any, Any, Any]


@dataclass(frozen=True)
class ShownValues:
    """The values on a page: those of the row, and by prefix those of the rows below."""

    row: str
    values: Hashes
    below: dict[str, Below] = field(default_factory=dict)

    def stamp(self) -> str:
        return signing.dumps([self.row, self.values, self.below], salt=_SALT)


def read(stamp: str) -> ShownValues | None:
    """The values in a sent stamp; None when it is empty or its signature is wrong."""
    try:
        return ShownValues(*signing.loads(stamp, salt=_SALT))
    except signing.BadSignature:
        return None


def of_page(row: models.Model, form: BaseForm, formsets: list[Formset]) -> ShownValues:
    """The values that this page shows, without what was typed into its fields."""
    below = {
        str(formset.prefix): {
            str(one.instance.pk): hashes(one) for one in formset.initial_forms
        }
        for formset in formsets
    }
    return ShownValues(f"{row._meta.label_lower}:{row.pk}", hashes(form), below)


def hashes(form: BaseForm) -> Hashes:
    return {
        name: _hash(one, form.get_initial_for_field(one, name))
        for name, one in _editable(form)
    }


def _editable(form: BaseForm) -> Iterator[tuple[str, Field]]:
    """The form's fields with values of the row, without its key and its parent."""
    from django.forms.models import (  # noqa: PLC0415 (needs the apps)
        InlineForeignKeyField,
        ModelChoiceField,
    )

    for name, one in form.fields.items():
        is_key = isinstance(one, ModelChoiceField) and one.widget.is_hidden
        is_above = isinstance(one, InlineForeignKeyField)
        if not (one.disabled or is_key or is_above or name == "DELETE"):
            yield name, one


def _hash(one: Field, value: object) -> str:
    """A hash that is equal for a value of the database and for the same value typed."""
    if isinstance(value, (models.QuerySet, list, tuple, set)):
        text = "\n".join(sorted(str(one.prepare_value(each)) for each in value))
    else:
        prepared = one.prepare_value(value)
        text = "" if prepared is None else str(prepared).replace("\r\n", "\n")
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]


def typed(form: BaseForm, sent: QueryDict, prefix: str, was: Hashes) -> dict[str, Any]:
    """The fields that this user changed: neither the stored nor the shown value."""
    own: dict[str, Any] = {}
    for name, one in _editable(form):
        full = f"{prefix}-{name}" if prefix else name
        value = one.widget.value_from_datadict(sent, MultiValueDict(), full)
        if one.has_changed(form.get_initial_for_field(one, name), value) and (
            _cleaned_hash(one, value) != was.get(name)
        ):
            own[name] = value
    return own


def _cleaned_hash(one: Field, value: object) -> str:
    try:
        return _hash(one, one.clean(value))
    except ValidationError:
        return ""


def keep(form: BaseForm, sent: QueryDict, was: Hashes) -> None:
    """Show in the new form what was typed into the one that was sent."""
    form.initial = {**form.initial, **typed(form, sent, form.prefix or "", was)}


def keep_below(formset: Formset, sent: QueryDict, was: Mapping[str, Hashes]) -> None:
    """Do the same as `keep` for the rows below.

    What was typed into a new row, or into one that was deleted meanwhile, is shown in
    new rows.
    """
    there = {str(one.instance.pk): one for one in formset.initial_forms}
    key = formset.get_queryset().model._meta.pk.name
    more: list[dict[str, Any]] = []
    kept: dict[str, dict[str, Any]] = {}
    for prefix in _sent_rows(formset, sent):
        pk = sent.get(f"{prefix}-{key}", "")
        form = there.get(pk) or formset.empty_form
        own = typed(form, sent, prefix, was.get(pk, {}))
        is_deleted = f"{prefix}-DELETE" in sent
        if pk in there:
            kept[pk] = own | ({"DELETE": True} if is_deleted else {})
        elif own and not is_deleted:
            more.append(typed(form, sent, prefix, {}))
    formset.extra, formset.initial_extra = len(more), more
    for cached in ("forms", "management_form"):
        formset.__dict__.pop(cached, None)
    for one in formset.initial_forms:
        one.initial = {**one.initial, **kept.get(str(one.instance.pk), {})}


def _sent_rows(formset: Formset, sent: QueryDict) -> Iterator[str]:
    total = sent.get(f"{formset.prefix}-TOTAL_FORMS", "")
    count = int(total) if total.isdecimal() else 0
    for place in range(min(count, formset.absolute_max)):
        yield f"{formset.prefix}-{place}"
