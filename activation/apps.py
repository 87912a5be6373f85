from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from counter.database.privileges import HouseConfig


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
            "KeyHolder",
            "KnownBrowser",
            "OneTimeCode",
            "SignInCount",
            "WrongPassword",
        }
    )
    removes: ClassVar[frozenset[str]] = frozenset(
        {
            "AddressCount",
            "DigitalKey",
            "HolderChange",
            "KnownBrowser",
            "OneTimeCode",
            "SignInActivity",
            "SignInCount",
            "WrongPassword",
        }
    )

    def ready(self) -> None:
        from activation import receivers  # noqa: F401, PLC0415 (models)
        from activation.addresses import waiting  # noqa: PLC0415 (models)
        from counter.desk import dashboard  # noqa: PLC0415 (as above)

        dashboard.also_shown.append(waiting.disputes)
