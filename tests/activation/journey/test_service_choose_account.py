"""Each person gets one account, which can be chosen anew until a key is active."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from activation.enums import KeyKind, KeyState
from activation.exceptions import (
    AccountMovedError,
    CodeEndedError,
    HolderHasKeyError,
    UserNameTakenError,
)
from activation.journey.accounts import choose_account, stamp, suggest_user_name
from activation.models import ActivationCode, DigitalKey, KeyHolder
from counter.models import Clerk, Dossier
from tests import cast
from tests.activation.helpers import GOOD_PASSWORD, at_once


@pytest.fixture
def code(dossier: Dossier, els: Clerk) -> ActivationCode:
    return cast.make_code(dossier, els)[0]


@pytest.fixture
def anna_code(els: Clerk) -> ActivationCode:
    anna = cast.make_applicant(
        cast.ANNA_NUMBER, first_names="Anna", last_name="Peeters", birth_date=None
    )
    theirs = cast.make_dossier(anna, els, email="anna@example.org")
    return cast.make_code(theirs, els)[0]


def choose(
    code: ActivationCode,
    user_name: str,
    *,
    seen: KeyHolder | None = None,
    password: str = GOOD_PASSWORD,
) -> KeyHolder:
    return choose_account(
        code_id=code.pk,
        user_name=user_name,
        password=password,
        seen=stamp(seen),
        at=timezone.now(),
    )


def activate(holder: KeyHolder, code: ActivationCode, years: int = 10) -> None:
    now = timezone.now()
    DigitalKey.objects.create(
        holder=holder,
        code=code,
        kind=KeyKind.APP,
        state=KeyState.ACTIVE,
        created_at=now - timedelta(days=5000),
        activated_at=now - timedelta(days=5000),
        valid_until=now + timedelta(days=365 * years),
    )


def test_an_account_is_made_and_the_password_only_as_a_hash(
    code: ActivationCode,
) -> None:
    holder = choose(code, "Peter")
    assert holder.applicant == code.dossier.applicant
    assert GOOD_PASSWORD not in holder.password
    assert holder.check_password(GOOD_PASSWORD)


def test_going_back_changes_it(code: ActivationCode) -> None:
    first = choose(code, "peter")
    second = choose(code, "peter.janssens", seen=first)
    assert first.pk == second.pk
    assert KeyHolder.objects.get().user_name == "peter.janssens"


def test_with_an_active_key_it_is_left_alone(code: ActivationCode) -> None:
    holder = choose(code, "peter")
    activate(holder, code)
    with pytest.raises(HolderHasKeyError):
        choose(code, "mallory")
    assert KeyHolder.objects.get().user_name == "peter"


def test_with_an_expired_key_only_it_is_chosen_anew(code: ActivationCode) -> None:
    before = choose(code, "peter")
    activate(before, code, years=-1)
    assert choose(code, "peter2", seen=before).user_name == "peter2"


def test_an_address_that_somebody_asked_for_before_is_forgotten(
    code: ActivationCode,
) -> None:
    before = choose(code, "peter")
    activate(before, code, years=-1)
    KeyHolder.objects.update(new_email="intruder@example.org")
    assert choose(code, "peter", seen=before).new_email == ""
    assert KeyHolder.objects.get().new_email == ""


def test_a_code_that_has_ended_makes_no_account(code: ActivationCode) -> None:
    ActivationCode.objects.update(valid_until=timezone.now())
    with pytest.raises(CodeEndedError):
        choose(code, "peter")
    with pytest.raises(CodeEndedError):
        choose_account(
            code_id=uuid.uuid4(),
            user_name="peter",
            password=GOOD_PASSWORD,
            at=timezone.now(),
        )
    assert not KeyHolder.objects.exists()


def test_a_taken_name_is_refused_with_a_free_one(
    code: ActivationCode, anna_code: ActivationCode
) -> None:
    choose(code, "Peter")
    with pytest.raises(UserNameTakenError) as refused:
        choose(anna_code, "pETER")
    assert refused.value.suggestion == "pETER2"
    assert "pETER2" in str(refused.value)
    assert choose(anna_code, refused.value.suggestion).user_name == "pETER2"


def test_the_suggestion_is_free_and_then_one_s_own(
    code: ActivationCode, anna_code: ActivationCode
) -> None:
    assert suggest_user_name(code.dossier, knows_name=True) == "peter.janssens"
    choose(anna_code, "Peter.Janssens")
    assert suggest_user_name(code.dossier, knows_name=True) == "peter.janssens2"
    choose(code, "pj1985")
    assert suggest_user_name(code.dossier, knows_name=True) == "pj1985"


def test_a_free_name_is_found_without_reading_all_that_begin_alike(
    code: ActivationCode, anna_code: ActivationCode
) -> None:
    """Names that only begin like the wanted one are not read from the database."""
    holder = choose(anna_code, "peter.janssens")
    people = [
        cast.make_applicant(f"{90_00_00_000_00 + number:011d}")  # generated
        for number in range(60)
    ]
    KeyHolder.objects.bulk_create(
        KeyHolder(
            applicant=person,
            user_name=f"peter.janssens{number if number < 55 else f'-{number}'}",
            password="!",
            created_at=holder.created_at,
        )
        for number, person in enumerate(people, start=2)
    )
    with CaptureQueriesContext(connection) as statements:
        assert suggest_user_name(code.dossier, knows_name=True) == "peter.janssens55"
    asked = [
        statement["sql"] for statement in statements if "LOWER" in statement["sql"]
    ]
    assert len(asked) == 2
    assert not any("LIKE" in sql for sql in asked)


@pytest.mark.django_db(transaction=True)
def test_two_people_who_want_one_name_at_once(
    code: ActivationCode, anna_code: ActivationCode
) -> None:
    answers = at_once(2, lambda number: choose([code, anna_code][number], "koekoek"))
    assert sum(isinstance(answer, KeyHolder) for answer in answers) == 1
    refused = [answer for answer in answers if isinstance(answer, UserNameTakenError)]
    assert [answer.suggestion for answer in refused] == ["koekoek2"]


@pytest.mark.django_db(transaction=True)
def test_many_tabs_of_one_person_make_one_account(code: ActivationCode) -> None:
    """The first tab chooses the account; the others get the name that was chosen."""
    answers = at_once(8, lambda number: choose(code, f"peter{number}"))
    (chosen,) = (answer for answer in answers if isinstance(answer, KeyHolder))
    moved = [answer for answer in answers if isinstance(answer, AccountMovedError)]
    assert {answer.user_name for answer in moved} == {chosen.user_name}
    assert len(moved) == 7
    assert KeyHolder.objects.get().user_name == chosen.user_name


@pytest.mark.django_db(transaction=True)
def test_the_same_choice_sent_many_times_at_once_is_one(code: ActivationCode) -> None:
    answers = at_once(6, lambda _number: choose(code, "peter"))
    assert all(isinstance(answer, KeyHolder) for answer in answers)
    assert KeyHolder.objects.get().session_epoch == 0


@pytest.mark.django_db(transaction=True)
def test_of_two_devices_that_choose_anew_at_once_one_is_told(
    code: ActivationCode,
) -> None:
    before = choose(code, "peter")
    answers = at_once(
        4,
        lambda number: choose(
            code, "peter", seen=before, password=f"{GOOD_PASSWORD} {number}"
        ),
    )
    assert sum(isinstance(answer, KeyHolder) for answer in answers) == 1
    assert sum(isinstance(answer, AccountMovedError) for answer in answers) == 3


def test_the_stamp_changes_with_name_and_password_and_with_nothing_else(
    code: ActivationCode,
) -> None:
    holder = choose(code, "peter")
    stamps = [stamp(None), stamp(holder)]
    holder.session_epoch += 1
    holder.email = "other@example.org"
    assert stamp(holder) == stamps[1]
    holder.user_name = "Peter"
    stamps.append(stamp(holder))
    holder.set_password(GOOD_PASSWORD)  # the same password, chosen again
    stamps.append(stamp(holder))
    assert len(set(stamps)) == 4
    assert holder.pk.hex not in str(stamps)
