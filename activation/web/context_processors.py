"""What the applicant's and the holder's pages may use."""

from collections.abc import Callable

from django.http import HttpRequest

from activation.holder.sessions.belonging import reference


def belongs(request: HttpRequest) -> dict[str, Callable[[], str]]:
    """`of_account`: whose page of the holder's own this is, for its forms.

    Asked for by few templates, so the session is read only then.
    """
    return {"of_account": lambda: reference(request)}
