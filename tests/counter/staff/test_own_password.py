"""A colleague who opens the admin chooses another password there."""

from counter.enums import Role
from counter.models import Clerk, Office
from counter.staff.own_password_form import OwnPasswordForm
from tests import cast

NEW = "een splinternieuw wachtwoord"


def test_what_a_supervisor_changed_meanwhile_stays_changed(
    sofie: Clerk, other_office: Office
) -> None:
    """The request of the form read the account before."""
    typed = {"old_password": cast.PASSWORD, "new_password1": NEW, "new_password2": NEW}
    form = OwnPasswordForm(sofie, typed)
    assert form.is_valid()
    changed = {
        "is_active": False,
        "is_staff": False,
        "role": Role.CLERK,
        "office": other_office,
        "email": "anders@example.org",
    }
    Clerk.objects.filter(pk=sofie.pk).update(**changed)
    form.save()
    now = Clerk.objects.get(pk=sofie.pk)
    assert now.check_password(NEW)
    assert {name: getattr(now, name) for name in changed} == changed
