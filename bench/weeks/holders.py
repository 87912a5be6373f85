"""At home: from the mailed link to a key, and what a holder does with it later."""

import datetime
import random
import uuid
from typing import Final

from activation.codes import links
from activation.codes.activation_code import ALPHABET, check_character, code_text
from activation.enums import KeyKind, Purpose
from activation.exceptions import CodeLockedError, WrongCodeError
from activation.holder import account, own_keys, proving, recovery
from activation.holder.signing_in import Device
from activation.holder.wrong_tries import CountOf, Tries
from activation.journey import accounts, activating, choosing
from activation.models import ActivationCode, DigitalKey, KeyHolder, OneTimeCode
from activation.one_time.digits import one_time_text
from bench.weeks.tally import Tally
from counter.sign_in import totp

_PASSWORD: Final = "vier gewone paarse koeien"  # noqa: S105 (of nobody)
_NEW_PASSWORD: Final = "vijf gewone groene paarden"  # noqa: S105 (of nobody)
_MOBILE: Final = "+32470{:06}"
_PHONE: Final = Device("Android", "Chrome", is_new=False)
#: Of a hundred keys: apps, text messages, mails.
_KINDS: Final = ([KeyKind.APP, KeyKind.SMS, KeyKind.EMAIL], [60, 25, 15])


def digits(key: DigitalKey, at: datetime.datetime) -> str:
    """What the app shows, or what the newest message says."""
    if key.kind == KeyKind.APP:
        return totp.digits(key.secret, totp.step_at(at))
    return one_time_text(key.one_time_codes.latest("requested_at"))


def _mistaken(text: str) -> str:
    """The code with another first character: well-formed, and wrong."""
    first = ALPHABET[(ALPHABET.index(text[0]) + 1) % len(ALPHABET)]
    changed = first + text[1:13]
    return changed + check_character(changed)


class Homes:
    """The acts of people at home, counted in `tally`."""

    def __init__(self, tally: Tally, chance: random.Random) -> None:
        self.tally, self.chance = tally, chance
        self.accounts = 0

    def lock(self, code: ActivationCode, at: datetime.datetime) -> None:
        """Five wrong codes: the paper of somebody else, say."""
        while True:
            try:
                activating.accept_code(
                    code_id=code.pk, typed=_mistaken(code_text(code)), at=at
                )
            except WrongCodeError:
                continue
            except CodeLockedError:
                self.tally.acts["code locked"] += 1
                return

    def open_link(self, code: ActivationCode, at: datetime.datetime) -> DigitalKey:
        """Link, code, account and a kind of key; its first digits are on their way."""
        opened = links.find(links.token(code))
        if opened != code:
            raise RuntimeError("The link leads to another code.")
        activating.accept_code(code_id=code.pk, typed=code_text(code), at=at)
        self.accounts += 1
        holder = accounts.choose_account(
            code_id=code.pk,
            user_name=f"holder.{self.accounts}",
            password=_PASSWORD,
            at=at,
        )
        (kind,) = self.chance.choices(*_KINDS)
        mobile = _MOBILE.format(self.accounts) if kind == KeyKind.SMS else ""
        key = choosing.choose_key(code_id=code.pk, kind=kind, mobile=mobile, at=at)
        key.holder = holder
        return key

    def confirm(self, key: DigitalKey, at: datetime.datetime) -> None:
        activating.activate_key(
            code_id=key.code_id,
            key_id=key.pk,
            typed=digits(key, at),
            account=accounts.stamp(key.holder),
            device=_PHONE,
            at=at,
        )
        self.tally.acts["key active"] += 1
        self.tally.acts["code used"] += 1

    def revoke(self, key: DigitalKey, at: datetime.datetime) -> None:
        own_keys.revoke_key(key=_as_now(key), at=at)
        self.tally.acts["key active"] -= 1
        self.tally.acts["key revoked"] += 1

    def replace(self, key: DigitalKey, at: datetime.datetime) -> None:
        """A new phone: the old key ends when the new one is confirmed."""
        old = _as_now(key)
        new = own_keys.set_up_key(
            holder=old.holder, kind=KeyKind.APP, replaces=old, at=at
        )
        own_keys.add_key(holder=old.holder, key_id=new.pk, typed=digits(new, at), at=at)
        self.tally.acts["key revoked"] += 1

    def forget(self, key: DigitalKey, at: datetime.datetime) -> uuid.UUID:
        """The password; six digits are on their way to the mailbox."""
        return recovery.ask(holder=_as_now(key).holder, before=None, at=at)

    def recover(
        self, key: DigitalKey, mailed: uuid.UUID, at: datetime.datetime
    ) -> None:
        """The mailed digits, then the app's, then another password."""
        key = _as_now(key)
        holder: KeyHolder = key.holder
        typed = one_time_text(OneTimeCode.objects.get(pk=mailed))
        if not recovery.digits_are_right(
            holder=holder, code_id=mailed, typed=typed, at=at
        ):
            raise RuntimeError("The mailed digits were refused.")
        proving.prove(
            holder=holder,
            key_id=key.pk,
            typed=digits(key, at),
            purpose=Purpose.RECOVER,
            tries=Tries(CountOf.RECOVERY, holder.user_name),
            at=at,
        )
        account.recover(holder=holder, new=_NEW_PASSWORD, device=_PHONE, at=at)
        self.tally.acts["password recovered"] += 1


def _as_now(key: DigitalKey) -> DigitalKey:
    return DigitalKey.objects.select_related("holder", "code__dossier__office").get(
        pk=key.pk
    )
