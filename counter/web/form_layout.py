"""Layouts of forms for `{% crispy form %}`, which are rendered quickly.

A form names its fields in `helper`, in their order:

    helper = layout(Pair(Row("last_name"), Row("first_names")), Row("birth_date"))

The page's template has the `<form>` tag, the CSRF token, the errors that belong to no
field, and the buttons. A piece whose field the form does not have renders nothing, so a
layout names all fields that the form may have. The pieces are ours, because each of
crispy's own renders a template (docs/decisions/007-crispy-with-a-pack-of-our-own.md).
"""

from collections.abc import Callable, Hashable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django.conf import settings
from django.forms import BaseForm, BoundField
from django.template import Context
from django.template.loader import get_template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from counter.web import field_markup
from counter.web.kept import kept

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Piece(Protocol):
    """The interface of a part of a layout, as crispy calls it."""

    def render(self, form: BaseForm, context: Context, /, **kwargs: Any) -> str: ...


def layout(*pieces: Piece) -> FormHelper:
    """Make the helper of a form class; it renders no `<form>` tag.

    Pieces store nothing about a form, so all forms of the class share the helper.
    """
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.include_media = False
    helper.layout = Layout(*pieces)
    return helper


class Row:
    """One field as a row (counter.web.field_markup); or its input, if it is hidden."""

    def __init__(self, name: str, css: str = "mb-3") -> None:
        self.name = name
        self.css = css

    def render(self, form: BaseForm, _context: Context, /, **_kwargs: Any) -> str:
        field = take(form, self.name)
        return field_markup.row(field, self.css) if field else ""


class TemplateRow:
    """One field, rendered by a template, which gets `field` and the function `row`."""

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
    """A template among the fields, rendered with the page's context.

    `fields` are the fields that it renders itself. It is left out when the form has
    none of them.
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
    """A template among the fields, whose context is only what `values` returns.

    The result is cached, and used for all forms with the same values
    (counter.web.kept). `name` is the field that it renders; with "" it is always there.
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


class KeptWhileNew:
    """Pieces that are rendered once for all new forms, and then used for each of them.

    A form is new when it has neither data nor initial values of its own. Its pieces get
    no context of the page, so that nothing of one person's page is cached: they must
    show only what follows from the form's class, its fields and the language. A form
    that is not new is rendered as if the pieces stood here by themselves.
    """

    def __init__(self, *pieces: Piece) -> None:
        self.pieces = pieces
        self._kept: dict[Hashable, tuple[SafeString, frozenset[str]]] = {}

    def render(self, form: BaseForm, context: Context, /, **kwargs: Any) -> str:
        if settings.DEBUG or form.is_bound or form.initial:
            return self._drawn(form, context, **kwargs)
        which = (type(form), form.prefix, tuple(form.fields), get_language())
        if which not in self._kept:
            before = set(rendered(form))
            drawn = self._drawn(form, Context(), **kwargs)
            self._kept[which] = drawn, frozenset(rendered(form) - before)
        text, names = self._kept[which]
        rendered(form).update(names)
        return text

    def _drawn(self, form: BaseForm, context: Context, /, **kwargs: Any) -> SafeString:
        return SafeString(
            "".join(piece.render(form, context, **kwargs) for piece in self.pieces)
        )


class Words:
    """A sentence between two fields."""

    def __init__(self, text: "StrOrPromise", css: str = "") -> None:
        self.text = text
        self.attrs = field_markup.flat({"class": css or None})

    def render(self, _form: BaseForm, _context: Context, /, **_kwargs: Any) -> str:
        return format_html("<p{}>{}</p>\n", self.attrs, self.text)


class Block:
    """Pieces inside an HTML element; `legend` is the legend of a fieldset."""

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
        # `class` is a keyword of Python, so it is given as `css`.
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
    """Two short fields next to each other."""

    def __init__(self, *pieces: Piece) -> None:
        super().__init__(*pieces, css="pair")


def take(form: BaseForm, name: str) -> BoundField | None:
    """Mark the field as rendered and return it; None when the form does not have it."""
    if name not in form.fields:
        return None
    rendered(form).add(name)
    return form[name]


def rendered(form: BaseForm) -> set[str]:
    """The names of the fields rendered so far; crispy empties it for each rendering."""
    names: set[str] = form.rendered_fields  # type: ignore[attr-defined]
    return names


def include(template: str, context: Context, **more: Any) -> str:
    """Render a template as `{% include %}` does, with the page's context and `more`."""
    with context.push(**more):
        return get_template(template).template.render(context)  # type: ignore[attr-defined,no-any-return]
