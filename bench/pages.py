"""Every page of desk, public side, holder and admin, found and not listed by hand.

Addresses come from the URL configuration, lists and filters from the admin. A page that
does not answer with 200 to somebody is not theirs, and is left out.
"""

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from django.apps import apps
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponseBase
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import translation

from bench.people import national_number
from bench.world import World
from counter.models import Clerk
from counter.supervision.house_admin import HouseAdmin
from counter.supervision.visible_rows import VisibleFilter
from tests.litany import signed_in

_ARGUMENT: Final = re.compile(r"<(?:\w+:)?(\w+)>")
#: What leaves the page, or draws a paper: figures of their own.
_LEFT_OUT: Final = frozenset(
    {"activation_desk:slip", "payments_closing:batch", "payments_receipts:receipt"}
)
#: Of a filter by clerk or desk so many choices are asked for.
_CHOICES: Final = 2
_MIDDLE: Final = "80000000-0000-0000-0000-000000000000"


@dataclass(frozen=True)
class Page:
    """`group` is the line of the table that it belongs to."""

    group: str
    name: str
    ask: Callable[[], HttpResponseBase]


def every_page(world: World, who: list[str]) -> Iterator[Page]:
    """All that these of the staff, the public, an applicant and a holder open."""
    for name in who:
        clerk = world.staff[name]
        client = signed_in(clerk)
        client.defaults["SERVER_NAME"] = "127.0.0.1"
        yield from _addresses(name, client, world)
        yield from _searches(name, client, world)
        if clerk.is_staff:
            yield from _admin(name, client, clerk, world)
    yield from _addresses("public", Client(SERVER_NAME="127.0.0.1"), world)
    yield from _addresses("holder", world.holder, world)
    applicant = Client(SERVER_NAME="127.0.0.1")
    applicant.get(f"/nl/a/{world.token}/", follow=True)
    yield from _addresses("applicant", applicant, world)


def _routes(resolver: URLResolver, prefix: str = "", space: str = "") -> Iterator[Any]:
    for pattern in resolver.url_patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name}", path
        else:
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from _routes(pattern, path, space + inner)


def _addresses(who: str, client: Client, world: World) -> Iterator[Page]:
    """The addresses of the URL configuration, but for the admin's own six a model."""
    with translation.override("nl"):
        routes = list(_routes(get_resolver()))
    for name, path in routes:
        is_own = name.endswith(("_changelist", "_change", "_history", "_delete"))
        is_ours = not path.startswith(("bench/", "demo/"))
        if name in _LEFT_OUT or "(" in path or is_own or not is_ours:
            continue
        for suffix, arguments in _cases(path, world):
            if not set(_ARGUMENT.findall(path)) <= set(arguments):
                continue
            address = f"/{path}"
            for argument in _ARGUMENT.finditer(path):
                address = address.replace(argument[0], arguments[argument[1]])
            group = "admin, other pages" if path.startswith("admin") else who
            yield Page(group, f"{who}: {name}{suffix}", partial(client.get, address))


def _cases(path: str, world: World) -> Iterator[tuple[str, dict[str, str]]]:
    names = set(_ARGUMENT.findall(path))
    if not names & {"pk", "dossier_id"}:
        yield "", world.arguments
        return
    for state, dossier in world.dossiers.items():
        key = {"pk": str(dossier.pk), "dossier_id": str(dossier.pk)}
        yield f", {state}", world.arguments | key


def _searches(who: str, client: Client, world: World) -> Iterator[Page]:
    """What is typed into the desk's one field, and the admin's."""
    dossier = world.dossiers["paid"]
    typed = {
        "number": national_number(0),
        "number of nobody": national_number(9_999_999),
        "reference": dossier.reference,
        "e-mail": dossier.email,
        "receipt": f"{dossier.recorded_at.year}-000007",
        "name": "janssens",
        "whole name": "peter janssens",
        "first letters": "jan",
        "rare name": "jansens 1",
        "part of many names": "sens",
        "two letters": "pe",
        "name of nobody": "qwertz",
        "name with a slip": "jansenz",
    }
    fields = {
        "desk": reverse("counter_desk:find_dossier"),
        "admin": reverse("admin:counter_dossier_find"),
    }
    for case, text in typed.items():
        form = {"q": text, "reason": "compare"}
        for place, path in fields.items():
            ask = partial(client.post, path, form)
            yield Page(f"{place}, search", f"{who}: {place}, search {case}", ask)


def _admin(who: str, client: Client, clerk: Clerk, world: World) -> Iterator[Page]:
    """Each list with each filter, forwards and backwards, and some rows of it."""
    for model in filter(admin.site.is_registered, apps.get_models()):
        house = admin.site.get_model_admin(model)
        if not isinstance(house, HouseAdmin):
            continue
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        path = reverse(f"admin:{name}_changelist")
        request = RequestFactory().get(path)
        request.user = clerk
        if not house.has_view_permission(request):
            continue
        short = f"{who}: {model._meta.model_name}"
        yield Page("admin, lists", short, partial(client.get, path))
        for query in _questions(house, request, world):
            ask = partial(client.get, path + query)
            yield Page("admin, lists filtered", short + query, ask)
        for which, row in _some_rows(model, request).items():
            directions = () if house.is_short else ("after", "before")
            for direction in directions:
                ask = partial(client.get, f"{path}?{direction}={row}")
                yield Page(
                    "admin, lists turned", f"{short}, {direction} the {which}", ask
                )
            for page in ("change", "history"):
                address = reverse(f"admin:{name}_{page}", args=[row])
                ask = partial(client.get, address, follow=page == "history")
                yield Page("admin, one row", f"{short}, {page} of the {which}", ask)
    if clerk.has_perm("counter.view_applicant"):
        address = reverse("admin:counter_applicant_change", args=[world.often.pk])
        ask = partial(client.get, address)
        yield Page("admin, one row", f"{who}: applicant with many visits", ask)


def _questions(house: HouseAdmin, request: HttpRequest, world: World) -> Iterator[str]:
    """Each choice of each filter, some choices of two together, and a search."""
    listing = house.get_changelist_instance(request)
    of_filters = []
    for spec in listing.filter_specs:
        links = [choice.get("query_string", "") for choice in spec.choices(listing)]
        wanted = [*dict.fromkeys(link for link in links if link not in {"", "?"})]
        if isinstance(spec, VisibleFilter):
            wanted = wanted[:_CHOICES]
        of_filters.append(wanted)
        yield from wanted
    for one, other in itertools.combinations(of_filters[:3], 2):
        for first, second in itertools.product(one[-_CHOICES:], other[-_CHOICES:]):
            yield f"{first}&{second[1:]}"
    if house.search_fields:
        for typed in (world.dossiers["paid"].reference, "0A0A0A0A", "qwertz"):
            yield f"?q={typed}"


def _some_rows(model: type[Model], request: HttpRequest) -> dict[str, object]:
    """The first row of the list, and one from the middle of everything."""
    house = admin.site.get_model_admin(model)
    rows = house.get_queryset(request)
    last = model._default_manager.order_by("-pk").values_list("pk", flat=True).first()
    if last is None:
        return {}
    middle = last // 2 if isinstance(last, int) else _MIDDLE
    keys = rows.values_list("pk", flat=True)
    row_of_each = {
        "first row": keys.first(),
        "middle row": keys.filter(pk__gte=middle).order_by("pk").first(),
    }
    return {which: key for which, key in row_of_each.items() if key is not None}
