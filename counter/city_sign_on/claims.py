"""Reads the data of a person from the claims of a verified token, by the settings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from counter.city_sign_on.provider import Provider
from counter.city_sign_on.refusals import CityRefusedError, Why
from counter.enums import Role
from counter.models import Office


@dataclass(frozen=True)
class Person:
    """A person by the city's data. `role` is None when no role in the settings fits."""

    issuer: str
    subject: str
    role: Role | None
    office_words: tuple[str, ...]
    has_second_factor: bool
    user_name: str = field(repr=False)
    first_name: str = field(repr=False)
    last_name: str = field(repr=False)
    email: str = field(repr=False)


def read(claims: Mapping[str, Any], provider: Provider) -> Person:
    role_values = set(_texts(_claim(claims, provider.role_claim)))
    fitting = (role for value, role in provider.roles.items() if value in role_values)
    office = provider.office_claim
    return Person(
        issuer=provider.issuer,
        subject=claims["sub"],
        role=next(fitting, None),
        office_words=tuple(_texts(_claim(claims, office))) if office else (),
        has_second_factor=_has_second_factor(claims, provider),
        user_name=_text(_claim(claims, provider.user_name_claim)),
        first_name=_text(claims.get("given_name")),
        last_name=_text(claims.get("family_name")),
        email=_text(claims.get("email")),
    )


def office_of(person: Person, role: Role) -> Office | None:
    """The office that the city names, by its slug or its name.

    None when the city names none and the role may see all offices. Raises
    CityRefusedError when an office is missing or unknown, or when several fit.
    """
    words = {word.casefold() for word in person.office_words}
    fitting = [
        office
        for office in Office.objects.all()
        if {office.slug, office.name.casefold()} & words
    ]
    if len(fitting) > 1:
        raise CityRefusedError(Why.TWO_OFFICES)
    if not fitting and (words or role in _OF_AN_OFFICE):
        raise CityRefusedError(Why.NO_OFFICE)
    return fitting[0] if fitting else None


_OF_AN_OFFICE = frozenset({Role.CLERK, Role.SUPERVISOR})


def _has_second_factor(claims: Mapping[str, Any], provider: Provider) -> bool:
    """Whether the token's `acr` or `amr` has a value that the settings accept.

    Without such settings it is never true.
    """
    methods = set(_texts(claims.get("amr")))
    return claims.get("acr") in provider.acr or bool(methods & provider.amr)


def _claim(claims: Mapping[str, Any], name: str) -> Any:  # noqa: ANN401 (JSON)
    """The claim of this name; a name with dots may be a path into nested claims."""
    if name in claims:
        return claims[name]
    value: Any = claims
    for part in name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _texts(value: object) -> list[str]:
    """The texts in a claim that is a text or a list; other values are left out."""
    several = value if isinstance(value, list) else [value]
    return [one for one in several if isinstance(one, str) and one]


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
