"""What is done with money at the counter, named after the buttons."""

from payments.exceptions import (
    NoDrawerError,
    NoTariffError,
    NoTerminalSlipError,
    PriceChangedError,
    SlipUsedError,
    TooLittleTenderedError,
)
from payments.services.taking import (
    prices_in_force,
    take_payment,
    tariff_in_force,
    tariffs_in_force,
)

__all__ = [
    "NoDrawerError",
    "NoTariffError",
    "NoTerminalSlipError",
    "PriceChangedError",
    "SlipUsedError",
    "TooLittleTenderedError",
    "prices_in_force",
    "take_payment",
    "tariff_in_force",
    "tariffs_in_force",
]
