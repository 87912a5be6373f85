"""Peter with one of everything that is kept about a person, in values easy to find."""

import datetime
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.apps import apps
from django.db import connection, models
from django.utils import timezone

from activation.codes.validity import key_end
from activation.enums import Change, CodeState, KeyKind, KeyState, SignInResult
from activation.holder import wrong_passwords, wrong_tries
from activation.models import (
    ActivationCode,
    AddressChange,
    DigitalKey,
    HolderChange,
    KeyHolder,
    KnownBrowser,
    OneTimeCode,
    RecoveryCode,
    SignInActivity,
    SignInCount,
)
from activation.one_time.destinations import destination_index
from counter.database.privileges import HouseConfig
from counter.enums import DossierState, EnquiryKind
from counter.journal import journal
from counter.journal.events import Event
from counter.models import (
    Applicant,
    Clerk,
    Dossier,
    DossierCorrection,
    Enquiry,
    KinshipAnswer,
)
from notifications.enums import Channel, DeliveryState, Kind
from notifications.models import Delivery
from payments.enums import Method
from payments.models import Payment
from payments.taking.taking import take_payment
from tests import cast

LAST_NAME = "Zonnebloemen"
FIRST_NAMES = "Pietertje"
EMAIL = "pietertje.z@voorbeeld.example"
OLD_EMAIL = "verkeerd.z@voorbeeld.example"
USER_NAME = "zonnebloem85"
MOBILE = "+32470998877"
DOCUMENT = "EN998877"
KEY_NAME = "mijn groene telefoon"
DEVICE = "iPhone van Z"
QUESTION = "Waar vind ik mijn zonnebril terug?"
#: Each value that says who Peter is, as it would stand in a table.
TRACES = (
    LAST_NAME,
    FIRST_NAMES,
    EMAIL,
    OLD_EMAIL,
    USER_NAME,
    MOBILE,
    DOCUMENT,
    KEY_NAME,
    DEVICE,
    QUESTION,
    cast.PETER_NUMBER,
    "1985-07-30",
)


@dataclass
class Whole:
    """One person with an activated key, since `at`."""

    person: Applicant
    dossier: Dossier
    holder: KeyHolder
    key: DigitalKey
    payment: Payment
    at: datetime.datetime


def recorded(clerk: Clerk) -> Dossier:
    """A dossier of Peter's that was recorded just now."""
    person = cast.make_applicant(first_names=FIRST_NAMES, last_name=LAST_NAME)
    dossier = cast.make_dossier(person, clerk, email=EMAIL)
    dossier.document_number = DOCUMENT
    dossier.save(update_fields=["document_number_sealed"])
    return dossier


def paid(dossier: Dossier, clerk: Clerk) -> Payment:
    return take_payment(
        dossier=dossier,
        clerk=clerk,
        method=Method.CASH,
        tendered=Decimal(50),
        terminal_slip="",
        submission=uuid.uuid4(),
        at=timezone.now(),
    )


def end(dossier: Dossier, state: DossierState, column: str) -> None:
    """Give the dossier this final state now; `column` is the one for its time."""
    dossier.state = state
    setattr(dossier, column, timezone.now())
    dossier.save(update_fields=["state", column])


def whole(clerk: Clerk) -> Whole:
    """Make Peter, with a payment, a key, a sign-in, a correction and mails."""
    now = timezone.now()
    dossier = recorded(clerk)
    payment = paid(dossier, clerk)
    DossierCorrection.objects.create(
        dossier=dossier,
        clerk=clerk,
        at=now,
        changes={"last_name": [LAST_NAME + "s", LAST_NAME]},
    )
    AddressChange.objects.create(
        dossier=dossier, old_email=OLD_EMAIL, at=now, clerk=clerk
    )
    KinshipAnswer.objects.create(dossier=dossier, clerk=clerk, is_family=False, at=now)
    dossier.code_issued_at = now
    dossier.save(update_fields=["code_issued_at"])
    end(dossier, DossierState.ACTIVATED, "activated_at")
    code = ActivationCode.objects.create(
        dossier=dossier,
        issued_by=clerk,
        issued_at=now,
        valid_until=now + datetime.timedelta(days=14),
        state=CodeState.USED,
        used_at=now,
    )
    holder = _holder(dossier, now)
    key = _key(holder, code, now)
    _past_of(holder, key, now)
    for kind, of in (
        (Kind.ACTIVATION_LINK, {"dossier": dossier}),
        (Kind.HOLDER_CHANGED, {"holder": holder}),
    ):
        Delivery.objects.create(
            kind=kind,
            channel=Channel.MAIL,
            subject=uuid.uuid4(),
            state=DeliveryState.SENT,
            created_at=now,
            not_before=now,
            sent_at=now,
            **of,
        )
    _wrote(dossier, now)
    journal.write(Event.DOSSIER_OPENED, dossier=dossier, clerk=clerk)
    return Whole(dossier.applicant, dossier, holder, key, payment, now)


def _wrote(dossier: Dossier, now: datetime.datetime) -> None:
    """Make an answered question from the e-mail address of the dossier."""
    Enquiry.objects.create(
        submission=uuid.uuid4(),
        office=dossier.office,
        kind=EnquiryKind.QUESTION,
        language="nl",
        name=FIRST_NAMES,
        email=EMAIL,
        text=QUESTION,
        received_at=now,
        answer="Ja.",
        handled_at=now,
        handled_by=dossier.recorded_by,
    )


def _holder(dossier: Dossier, now: datetime.datetime) -> KeyHolder:
    holder = KeyHolder(
        applicant=dossier.applicant,
        user_name=USER_NAME,
        created_at=now,
        email=EMAIL,
        new_email=OLD_EMAIL,
    )
    holder.set_password("een lang wachtwoord van Z")
    holder.save()
    return holder


def _key(holder: KeyHolder, code: ActivationCode, now: datetime.datetime) -> DigitalKey:
    key = DigitalKey(
        holder=holder,
        code=code,
        name=KEY_NAME,
        kind=KeyKind.SMS,
        state=KeyState.ACTIVE,
        created_at=now,
        activated_at=now,
        valid_until=key_end(now),
    )
    key.destination = MOBILE
    key.destination_index = destination_index(MOBILE)
    key.save()
    return key


def _past_of(holder: KeyHolder, key: DigitalKey, now: datetime.datetime) -> None:
    KnownBrowser.objects.create(holder=holder, mark=b"m" * 32, signed_in_at=now)
    RecoveryCode.objects.create(holder=holder, mark="ZZZZ", hashed="!", made_at=now)
    SignInActivity.objects.create(
        holder=holder,
        key=key,
        at=now,
        kind=key.kind,
        device=DEVICE,
        result=SignInResult.SIGNED_IN,
    )
    HolderChange.objects.create(
        holder=holder, at=now, act=Change.OLD_EMAIL, old_email=OLD_EMAIL
    )
    SignInCount.objects.create(
        name_index=wrong_tries.of_password(holder.user_name).index,
        last_at=now,
        free_from=now,
        failures=1,
    )
    wrong_passwords.note(user_name=holder.user_name, device=DEVICE, browser="", at=now)
    OneTimeCode.objects.create(
        key=key,
        holder=holder,
        destination_index=destination_index(MOBILE),
        requested_at=now,
        valid_until=now + datetime.timedelta(minutes=10),
    )


def revoke(key: DigitalKey) -> None:
    revoked = {"state": KeyState.REVOKED, "revoked_at": timezone.now()}
    DigitalKey.objects.filter(pk=key.pk).update(**revoked)


def house_models() -> Iterator[type[models.Model]]:
    for app in apps.get_app_configs():
        if isinstance(app, HouseConfig):
            yield from app.get_models()


def found_anywhere(*texts: str) -> list[str]:
    """Each table, whoever made it, that holds one of these texts, as "table: text"."""
    places = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            name = connection.ops.quote_name(table)
            for text in texts:
                cursor.execute(
                    f"SELECT count(*) FROM {name} AS row"  # noqa: S608 (our own)
                    " WHERE to_jsonb(row)::text ILIKE %s"
                    " OR to_jsonb(row)::text ILIKE %s",
                    [f"%{text}%", f"%{text.encode().hex()}%"],
                )
                if cursor.fetchone()[0]:
                    places.append(f"{table}: {text}")
    return places
