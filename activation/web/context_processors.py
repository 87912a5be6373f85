"""The context processor for the templates of the applicant's and holder's pages."""

from collections.abc import Callable

from django.http import HttpRequest

from activation.holder.sessions.belonging import reference


def belongs(request: HttpRequest) -> dict[str, Callable[[], str]]:
    """`of_account`: a reference to the account in this session, for forms on its pages.

    It is a function, so that the session is read only for the few templates that use
    it.
    """
    return {"of_account": lambda: reference(request)}
