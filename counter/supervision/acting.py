"""The actions of the admin's lists, each one act of the matrix of roles."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest

from counter.roles import matrix
from counter.roles.kinds import Act

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    _ModelAdmin = admin.ModelAdmin[Any]
else:
    _ModelAdmin = admin.ModelAdmin


def action[**P, R](
    act: Act, *, description: "StrOrPromise"
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """An action of an admin's list, for those whose role may do `act`."""

    def acting(method: Callable[P, R]) -> Callable[P, R]:
        named: Callable[P, R] = admin.action(method, description=description)
        named.__dict__["act"] = act
        return named

    return acting


class Acting(_ModelAdmin):
    """Offers the actions that the role may do; one that names no act is offered to
    nobody.
    """

    def _filter_actions_by_permissions(
        self,
        request: HttpRequest,
        actions: Any,  # noqa: ANN401 (Django's own records)
    ) -> list[Any]:
        # Django's own, which its stubs leave out.
        actions_allowed = super()._filter_actions_by_permissions(request, actions)  # type: ignore[misc]
        return [entry for entry in actions_allowed if _is_for(request, entry.func)]


def _is_for(request: HttpRequest, function: Callable[..., Any]) -> bool:
    """Django's own action asks for a permission on the model: one of the matrix."""
    act = getattr(function, "act", None)
    if act is None:
        return hasattr(function, "allowed_permissions")
    return matrix.may(request.user, act)
