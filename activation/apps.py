from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, override

from django.utils.translation import gettext_lazy as _

from activation.enums import Change, KeyKind, ReissueReason, Settled
from counter.database.privileges import HouseConfig
from counter.journal.events import Event

if TYPE_CHECKING:
    from counter.desk.additions import Contribution
    from counter.operations.duties import Duty
    from counter.retention.registry import Retention
    from counter.rights.sections import Section
    from counter.roles.kinds import RoleRights
    from counter.upcoming.brought import Upcoming


class ActivationConfig(HouseConfig):
    default = True
    name = "activation"
    verbose_name = _("Activation")
    changes: ClassVar[frozenset[str]] = frozenset(
        {
            "ActivationCode",
            "AddressChange",
            "AddressCount",
            "DigitalKey",
            "KeyEndings",
            "KeyHolder",
            "KnownBrowser",
            "OneTimeCode",
            "RecoveryCode",
            "SignInCount",
            "WrongPassword",
        }
    )
    removes: ClassVar[frozenset[str]] = frozenset(
        {
            "AddressCount",
            "DigitalKey",
            "HolderChange",
            "KeyEndings",
            "KnownBrowser",
            "OneTimeCode",
            "RecoveryCode",
            "SignInActivity",
            "SignInCount",
            "WrongPassword",
        }
    )

    def ready(self) -> None:
        from activation import receivers  # noqa: F401, PLC0415 (models)
        from counter.journal.entry_details import label  # noqa: PLC0415 (models)

        label(KeyKind, "channel", Event.ONE_TIME_CODE_SENT)
        label(KeyKind, "kind", Event.KEY_ACTIVATED, Event.KEY_ADDED)
        label(KeyKind, "kind", Event.KEY_EXPIRED, Event.KEY_REVOKED)
        label(Settled, "outcome", Event.ADDRESS_SETTLED)
        label(ReissueReason, "reason", Event.CODE_REISSUED)
        label(Change, "act", Event.HOLDER_CHANGED)

    @override
    def at_the_desk(self) -> "Contribution":
        from activation.desk.contribution import CONTRIBUTION  # noqa: PLC0415 (models)

        return CONTRIBUTION

    @override
    def derivation_keys_in_use(self, at: datetime) -> set[str]:
        from activation.models import ActivationCode  # noqa: PLC0415 (models)

        return ActivationCode.objects.derivation_keys(at)

    @override
    def duties(self) -> "tuple[Duty, ...]":
        from activation.codes.duties import DUTIES  # noqa: PLC0415 (models)

        return DUTIES

    @override
    def retention(self) -> "Retention":
        from activation.retention.rules import RETENTION  # noqa: PLC0415 (models)

        return RETENTION

    @override
    def upcoming(self) -> "tuple[Upcoming, ...]":
        from activation.desk.upcoming import UPCOMING  # noqa: PLC0415 (models)

        return UPCOMING

    @override
    def kept_of_a_person(self) -> "tuple[Section, ...]":
        from activation.rights import SECTIONS  # noqa: PLC0415 (models)

        return SECTIONS

    @override
    def role_rights(self) -> "RoleRights":
        from activation.desk.role_rights import RIGHTS  # noqa: PLC0415 (has translations)

        return RIGHTS
