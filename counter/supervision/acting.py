"""Actions of the admin's lists; each belongs to an act in the matrix of roles."""

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
    """Mark a function as an action of a list, for roles that may do `act`."""

    def acting(method: Callable[P, R]) -> Callable[P, R]:
        named: Callable[P, R] = admin.action(method, description=description)
        named.__dict__["act"] = act
        return named

    return acting


class Acting(_ModelAdmin):
    """Offers only the actions that the role may do; one without an act, to nobody."""

    def _filter_actions_by_permissions(
        self,
        request: HttpRequest,
        actions: Any,  # noqa: ANN401 (Django's own records)
    ) -> list[Any]:
        # A method of Django that its stubs do not have.
        actions_allowed = super()._filter_actions_by_permissions(request, actions)  # type: ignore[misc]
        return [entry for entry in actions_allowed if _is_for(request, entry.func)]


def _is_for(request: HttpRequest, function: Callable[..., Any]) -> bool:
    """Whether the role may do the action.

    True for Django's own actions, for which Django checks the model's permission.
    """
    act = getattr(function, "act", None)
    if act is None:
        return hasattr(function, "allowed_permissions")
    return matrix.may(request.user, act)
