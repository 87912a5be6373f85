"""`rotate_keys` puts new keys in the place of old ones while the office works."""

import secrets
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from threading import Event, Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from activation.models import ActivationCode, DigitalKey, KeyHolder
from counter.crypto import encryption, rotation
from counter.dossiers.recording import Recording, record_applicant
from counter.identity import national_number
from counter.models import Applicant, Clerk, Dossier, Office
from counter.sign_in import sign_in_app
from tests import cast

E1, E2, A, B = (secrets.token_bytes(32) for _ in range(4))
PEOPLE = 60

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def old_keys(settings: Settings) -> None:
    settings.ENCRYPTION_KEYS = {"e1": E1}
    settings.INDEX_KEYS = {"a": A}


@pytest.fixture
def people(db: None) -> list[str]:
    """National numbers of people who were recorded under the old keys."""
    # Eleven digits each, generated: they only have to differ.
    numbers = [f"{90_00_00_000_00 + n:011d}" for n in range(PEOPLE)]
    for number in numbers:
        cast.make_applicant(number)
    return numbers


def both_keys(settings: Settings) -> None:
    settings.ENCRYPTION_KEYS = {"e2": E2, "e1": E1}
    settings.INDEX_KEYS = {"b": B, "a": A}


def new_keys(settings: Settings) -> None:
    settings.ENCRYPTION_KEYS = {"e2": E2}
    settings.INDEX_KEYS = {"b": B}


def rotate(**options: int) -> str:
    output = StringIO()
    call_command("rotate_keys", stdout=output, stderr=StringIO(), **options)
    return output.getvalue()


@contextmanager
def meanwhile(*tasks: Callable[[], object]) -> Iterator[list[str]]:
    """Run each task again and again in a thread of its own, until the block ends.

    Gives the list of errors.
    """
    over = Event()
    wrong: list[str] = []

    def work(task: Callable[[], object]) -> None:
        try:
            while True:
                task()
                if over.is_set():
                    return
        except Exception as error:  # noqa: BLE001 (whatever it is, it fails the test)
            wrong.append(repr(error))
        finally:
            connection.close()

    threads = [Thread(target=work, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    try:
        yield wrong
    finally:
        over.set()
        for thread in threads:
            thread.join(60)


def test_every_number_is_under_the_new_keys_in_the_end(
    people: list[str], settings: Settings
) -> None:
    both_keys(settings)
    assert f"counter.Applicant: {PEOPLE} written" in rotate(batch=7)
    new_keys(settings)
    assert f"counter.Applicant: {PEOPLE} written" in rotate()  # column a is emptied
    for number in people:
        person = Applicant.objects.with_national_number(number).get()
        assert person.national_number == number
        assert encryption.key_id(bytes(person.national_number_sealed)) == "e2"
        assert person.national_number_index_a is None
    assert "counter.Applicant: 0 written" in rotate()


def test_documents_and_secrets_follow(
    dossier: Dossier, els: Clerk, settings: Settings
) -> None:
    now = timezone.now()
    code = ActivationCode.objects.create(
        dossier=dossier,
        issued_by=els,
        issued_at=now,
        valid_until=now + timedelta(days=14),
    )
    holder = KeyHolder.objects.create(
        applicant=dossier.applicant, user_name="peterj", password="!", created_at=now
    )
    key = DigitalKey(holder=holder, code=code, kind="app", created_at=now)
    key.secret = "JBSWY3DPEHPK3PXP"
    key.save()
    sign_in_app.begin(clerk=els, at=now)
    app = els.second_factor.secret
    both_keys(settings)
    rotate()
    new_keys(settings)
    dossier.refresh_from_db()
    key.refresh_from_db()
    els.second_factor.refresh_from_db()
    assert dossier.document_number == "EN123456"
    assert key.secret == "JBSWY3DPEHPK3PXP"
    assert key.destination == ""
    assert els.second_factor.secret == app


def test_everybody_is_found_at_every_moment(
    people: list[str], settings: Settings
) -> None:
    both_keys(settings)
    seen = 0

    def read() -> None:
        nonlocal seen
        for number in people:
            person = Applicant.objects.with_national_number(number).get()
            assert person.national_number == number
            seen += 1

    with meanwhile(read, read) as wrong:
        rotate(batch=5)
    assert not wrong
    print(f"{seen} reads during the rotation, 0 failed (bound: 0)")


def test_nobody_becomes_two_people(
    people: list[str], els: Clerk, settings: Settings
) -> None:
    """The person comes back again and again while the rows are being rotated."""
    both_keys(settings)
    number = national_number.parse(cast.MARIE_NUMBER, today=timezone.localdate())
    settings.INDEX_KEYS = {"a": A}
    cast.make_applicant(
        number.digits,
        first_names="Marie",
        last_name="Peeters",
        birth_date=number.birth_date,
    )
    settings.INDEX_KEYS = {"b": B, "a": A}
    recording = Recording(
        number=number,
        last_name="Peeters",
        first_names="Marie",
        birth_date=number.birth_date,
        document_type="BE_PASS",
        document_number="EN654321",
        document_country="BEL",
        document_expiry=timezone.localdate(),
        email="marie@example.org",
        language="nl",
        reason="no_other_key",
    )

    def come_back() -> None:
        dossier = record_applicant(
            recording=recording,
            clerk=els,
            submission=uuid.uuid4(),
            at=timezone.now(),
        )
        Dossier.objects.filter(pk=dossier.pk).update(
            state="cancelled", cancelled_at=timezone.now()
        )

    with meanwhile(come_back) as wrong:
        rotate(batch=3)
    assert not wrong
    assert Applicant.objects.count() == PEOPLE + 1
    person = Applicant.objects.with_national_number(number.digits).get()
    assert person.last_name == "Peeters"


def test_what_is_changed_meanwhile_stays_changed(
    dossier: Dossier, settings: Settings
) -> None:
    both_keys(settings)
    dossier_now = Dossier.objects.get()
    dossier.document_number = "EN999999"  # a colleague corrects it ...
    dossier.save()
    figures = rotation.Figures()
    rotation._rotate_row(dossier_now, figures)  # ... after the command had read it
    assert figures.changed_meanwhile == 1
    assert Dossier.objects.get().document_number == "EN999999"


def test_a_stopped_run_goes_on_where_it_was(
    people: list[str], settings: Settings
) -> None:
    both_keys(settings)

    def stop(figures: rotation.Figures) -> None:
        if figures.written >= 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotation.rotate(Applicant, batch=10, progress=stop)
    assert rotation.remaining(Applicant) == PEOPLE - 20
    assert f"counter.Applicant: {PEOPLE - 20} written" in rotate()


def test_a_row_written_behind_it_keeps_the_old_key_in_use(
    people: list[str], settings: Settings
) -> None:
    """A process that still has the old keys saves a row that was done already."""
    both_keys(settings)
    person = Applicant.objects.earliest("pk")
    under_e1 = bytes(person.national_number_sealed)

    class WrittenMeanwhile(StringIO):
        def write(self, text: str) -> int:
            if text.startswith("counter.Applicant:"):
                same = Applicant.objects.filter(pk=person.pk)
                same.update(national_number_sealed=under_e1)
            return super().write(text)

    output = StringIO()
    with pytest.raises(CommandError):
        call_command("rotate_keys", stdout=output, stderr=WrittenMeanwhile())
    assert "0 known twice, 1 left" in output.getvalue()
    assert "counter.Applicant: 1 written" in rotate()


def test_a_missing_key_is_said_and_nothing_is_lost(
    people: list[str], settings: Settings
) -> None:
    settings.ENCRYPTION_KEYS = {"e2": E2}
    with pytest.raises(CommandError, match="Do not drop"):
        rotate()
    settings.ENCRYPTION_KEYS = {"e1": E1}
    assert Applicant.objects.with_national_number(people[0]).get()


def test_a_number_known_twice_is_said(
    people: list[str], office: Office, settings: Settings
) -> None:
    """An index key was dropped too early, so somebody was recorded a second time."""
    settings.INDEX_KEYS = {"b": B}
    cast.make_applicant(people[0])
    settings.INDEX_KEYS = {"b": B, "a": A}
    with pytest.raises(CommandError):
        rotate()
    assert Applicant.objects.count() == PEOPLE + 1


def test_the_check_of_the_database_sees_a_dropped_index_key(
    people: list[str], settings: Settings
) -> None:
    call_command("check", "--database", "default", stdout=StringIO())
    settings.INDEX_KEYS = {"b": B}
    with pytest.raises(CommandError, match=r"counter\.E002"):
        call_command("check", "--database", "default", stderr=StringIO())
