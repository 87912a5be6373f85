"""What a form is made of, for `{% crispy form %}`: layouts that are drawn quickly.

A form says in `helper` what it asks and in which order:

    helper = layout(Pair(Row("last_name"), Row("first_names")), Row("birth_date"))

The page has the form's tag, its token, the errors that belong to no field, and the
buttons. A piece whose field the form did not take in draws nothing, so a layout names
all that a form may ask. The pieces are ours, because crispy's own render a template
each (docs/decisions/007-crispy-with-a-pack-of-our-own.md).
"""

from collections.abc import Callable, Hashable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django.forms import BaseForm, BoundField
from django.template import Context
from django.template.loader import get_template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from counter.web import field_markup
from counter.web.kept import kept

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Piece(Protocol):
    """What crispy asks of a part of a layout."""

    def render(self, form: BaseForm, context: Context, /, **kwargs: Any) -> str: ...


def layout(*pieces: Piece) -> FormHelper:
    """Make the helper of a form, without the form's tag.

    Pieces keep nothing of a form, so one helper serves a whole class.
    """
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.include_media = False
    helper.layout = Layout(*pieces)
    return helper


class Row:
    """One field of the desk, or its hidden input."""

    def __init__(self, name: str, css: str = "mb-3") -> None:
        self.name = name
        self.css = css

    def render(self, form: BaseForm, _context: Context, /, **_kwargs: Any) -> str:
        field = take(form, self.name)
        return field_markup.row(field, self.css) if field else ""


class TemplateRow:
    """One field, drawn by a template: as `field`, or as the desk's `row`."""

    def __init__(self, name: str, template: str) -> None:
        self.name = name
        self.template = template

    def render(self, form: BaseForm, context: Context, /, **_kwargs: Any) -> str:
        field = take(form, self.name)
        if field is None:
            return ""
        row = partial(field_markup.row, field)
        return include(self.template, context, form=form, field=field, row=row)


class Snippet:
    """A template among the fields, with all that the page knows.

    `fields` are those that it draws itself; without any of them it is left out.
    """

    def __init__(self, template: str, *, fields: tuple[str, ...] = ()) -> None:
        self.template = template
        self.fields = fields

    def render(self, form: BaseForm, context: Context, /, **_kwargs: Any) -> str:
        taken = [take(form, name) for name in self.fields]
        if self.fields and not any(taken):
            return ""
        return include(self.template, context, form=form)


class Kept:
    """A template among the fields that shows what `values` makes of the form, and no
    more: drawn once for all forms of which it makes the same (counter.web.kept).

    `name` is the field that it draws; without one it is always there.
    """

    def __init__(
        self,
        template: str,
        values: Callable[[BaseForm], Mapping[str, Hashable]] = lambda _form: {},
        *,
        name: str = "",
    ) -> None:
        self.template = template
        self.values = values
        self.name = name

    def render(self, form: BaseForm, _context: Context, /, **_kwargs: Any) -> str:
        if self.name and not take(form, self.name):
            return ""
        return kept(self.template, **self.values(form))


class Words:
    """A sentence between two fields."""

    def __init__(self, text: "StrOrPromise", css: str = "") -> None:
        self.text = text
        self.attrs = field_markup.flat({"class": css or None})

    def render(self, _form: BaseForm, _context: Context, /, **_kwargs: Any) -> str:
        return format_html("<p{}>{}</p>\n", self.attrs, self.text)


class Block:
    """Pieces inside an element; `legend` is the first line of a fieldset."""

    def __init__(
        self,
        *pieces: Piece,
        tag: str = "div",
        legend: "StrOrPromise" = "",
        **attrs: str,
    ) -> None:
        self.pieces = pieces
        self.tag = tag
        self.legend = legend
        # `class` is a word of Python, so it is given as `css`.
        self.attrs = field_markup.flat(
            {"class" if key == "css" else key: attrs[key] for key in attrs}
        )

    def render(self, form: BaseForm, context: Context, /, **kwargs: Any) -> str:
        inner = [piece.render(form, context, **kwargs) for piece in self.pieces]
        if not any(inner):
            return ""
        title = format_html("<legend>{}</legend>", self.legend) if self.legend else ""
        return SafeString(
            f"<{self.tag}{self.attrs}>{title}{''.join(inner)}</{self.tag}>\n"
        )


class Pair(Block):
    """Two short fields beside each other."""

    def __init__(self, *pieces: Piece) -> None:
        super().__init__(*pieces, css="pair")


def take(form: BaseForm, name: str) -> BoundField | None:
    """The field, marked as drawn; None when the form left it out."""
    if name not in form.fields:
        return None
    rendered(form).add(name)
    return form[name]


def rendered(form: BaseForm) -> set[str]:
    """The names that were drawn so far; crispy empties it before each drawing."""
    names: set[str] = form.rendered_fields  # type: ignore[attr-defined]
    return names


def include(template: str, context: Context, **more: Any) -> str:
    """Like `{% include %}`, with what the page knows and `more`."""
    with context.push(**more):
        return get_template(template).template.render(context)  # type: ignore[attr-defined,no-any-return]
