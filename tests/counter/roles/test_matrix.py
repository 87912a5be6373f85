"""One matrix says what each role may do, and all rights are made from it."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser, Group
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import reverse

from counter.enums import Role
from counter.models import Clerk, Dossier, Enquiry
from counter.roles import matrix, role_rights
from counter.roles.kinds import VERBS, Act, Rows, Section
from counter.supervision.house_admin import HouseAdmin
from tests import cast
from tests.counter.enquiries.test_handling import marking

#: An admin may allow less than the matrix for some of its rows, and never more.
EVERY_ADMIN = sorted(admin.site._registry.values(), key=lambda a: a.opts.label)

#: The actions of each list and the roles that have them; other lists have none.
ACTIONS = {
    "counter.Enquiry": {"mark_as_handled": {Role.SUPERVISOR}},
}


def asked_by(clerk: Clerk) -> HttpRequest:
    request = RequestFactory().get("/")
    request.user = clerk
    return request


@pytest.fixture
def cast_of_roles(
    els: Clerk, sofie: Clerk, karel: Clerk, nadia: Clerk, tom: Clerk
) -> dict[Role, Clerk]:
    return {Role(clerk.role): clerk for clerk in (els, sofie, karel, nadia, tom)}


def test_every_role_is_played(cast_of_roles: dict[Role, Clerk]) -> None:
    assert cast_of_roles.keys() == set(Role)


def test_every_admin_has_a_line(db: None) -> None:
    """Without a line no role could open the page of the admin."""
    lines = [line for section in matrix.lines().values() for line in section]
    known = {line.model for line in lines if isinstance(line, Rows)}
    there = {each.opts.label_lower for each in EVERY_ADMIN}
    assert there == known


@pytest.mark.parametrize("verb", VERBS)
def test_an_admin_allows_no_more_than_its_line(
    cast_of_roles: dict[Role, Clerk], verb: str
) -> None:
    wrong = []
    for each in EVERY_ADMIN:
        for role, clerk in cast_of_roles.items():
            allows = getattr(each, f"has_{verb}_permission")(asked_by(clerk))
            name = f"{each.opts.app_label}.{verb}_{each.opts.model_name}"
            if allows and name not in matrix.permissions(role):
                wrong.append((each.opts.label, role))
            if verb == "view" and allows != (name in matrix.permissions(role)):
                wrong.append((each.opts.label, role))
    assert not wrong


@pytest.mark.parametrize("role", Role)
def test_each_role_has_its_actions_and_no_others(
    cast_of_roles: dict[Role, Clerk], role: Role
) -> None:
    request = asked_by(cast_of_roles[role])
    offered = {
        each.opts.label: set(each.get_actions(request))
        for each in EVERY_ADMIN
        if each.get_actions(request)
    }
    expected = {
        label: {name for name, roles in actions.items() if role in roles}
        for label, actions in ACTIONS.items()
    }
    assert offered == {label: names for label, names in expected.items() if names}


@pytest.mark.parametrize("who", ["nadia", "karel", "tom"])
def test_an_action_that_is_posted_all_the_same_is_not_done(
    dossier: Dossier, who: str, request: pytest.FixtureRequest
) -> None:
    enquiry = cast.make_enquiry(dossier.office)
    client = Client()
    client.force_login(request.getfixturevalue(who))
    client.post(reverse("admin:counter_enquiry_changelist"), marking(enquiry))
    assert Enquiry.objects.get().handled_at is None


def test_an_action_that_names_no_act_is_nobodys(sofie: Clerk) -> None:
    def delete_everything(*_args: object) -> None: ...

    class Careless(HouseAdmin):
        actions = (delete_everything,)  # type: ignore[assignment]

    assert Careless(Dossier, admin.site).get_actions(asked_by(sofie)) == {}


# What a right is


def test_an_act_of_no_app_is_a_mistake_of_the_code(sofie: Clerk) -> None:
    invented = Act(
        order=1,
        section=Section.DESK,
        model="counter.dossier",
        name="burn",
        label="Burn",
        roles=frozenset(Role),
    )
    with pytest.raises(ImproperlyConfigured):
        matrix.may(sofie, invented)


def test_nobody_changes_what_they_may_not_see() -> None:
    with pytest.raises(ValueError, match="has to see it"):
        Rows(
            order=1,
            section=Section.DESK,
            model="counter.dossier",
            view=frozenset(),
            change=frozenset({Role.CLERK}),
        )


def test_a_stranger_and_an_account_that_is_off_may_nothing(sofie: Clerk) -> None:
    assert matrix.may(sofie, role_rights.OPEN_ADMIN)
    sofie.is_active = False
    assert not matrix.may(sofie, role_rights.OPEN_ADMIN)
    assert sofie.get_all_permissions() == set()
    assert not matrix.may(AnonymousUser(), role_rights.OPEN_ADMIN)


def test_a_superuser_may_what_the_role_may(db: None) -> None:
    boss = Clerk.objects.create_superuser("boss", password=cast.PASSWORD)
    assert boss.has_perm("counter.view_dossier")
    assert not boss.has_perm("counter.change_dossier")
    assert not boss.has_perms(["counter.view_dossier", "counter.delete_dossier"])
    boss.role = Role.ADMINISTRATOR
    assert not boss.has_perm("counter.view_dossier")
    assert not boss.has_module_perms("activation")
    assert boss.has_module_perms("counter")


def test_a_group_in_the_database_gives_nobody_anything(els: Clerk) -> None:
    els.groups.add(Group.objects.get(name="supervisor"))
    els = Clerk.objects.get(pk=els.pk)
    assert not els.has_perm("counter.view_dossier")


# The groups


def groups() -> dict[str, set[str]]:
    return {
        group.name: {
            f"{one.content_type.app_label}.{one.codename}"
            for one in group.permissions.select_related("content_type")
        }
        for group in Group.objects.all()
    }


def test_the_groups_repeat_the_matrix(db: None) -> None:
    assert groups() == {role.value: set(matrix.permissions(role)) for role in Role}
    assert "payments.approve_drawer" in groups()["supervisor"]
    assert not any("change_" in name for name in groups()["auditor"])


# The page


def test_the_page_shows_the_matrix_in_dutch(sofie: Clerk, sofie_client: Client) -> None:
    Clerk.objects.filter(pk=sofie.pk).update(language="nl")
    answer = sofie_client.get(reverse("admin:roles"))
    columns = [role.capitalize() for role in answer.context["roles"]]
    assert columns == [
        "Loketmedewerker",
        "Verantwoordelijke",
        "Financiën",
        "Controleur",
        "Beheerder",
    ]
    lines = {
        line.label: line.cells
        for _heading, lines in answer.context["sections"]
        for line in lines
    }
    assert lines["Beslissen over een terugbetaling"] == ("", "ja", "", "", "")
    assert lines["Dossiers"] == ("", "lezen", "", "lezen", "")
    assert "lezen, toevoegen, wijzigen" in answer.text
    named = sum(len(section) for section in matrix.lines().values())
    assert len(lines) == named


@pytest.mark.parametrize("who", ["karel", "nadia", "tom"])
def test_whoever_opens_the_admin_sees_the_page_and_the_way_to_it(
    who: str, request: pytest.FixtureRequest
) -> None:
    client = Client()
    client.force_login(request.getfixturevalue(who))
    assert client.get(reverse("admin:roles")).status_code == 200
    assert reverse("admin:roles") in client.get(reverse("admin:index")).text
