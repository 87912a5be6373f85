"""What is done with money at the counter, named after the buttons."""

from payments.exceptions import (
    NoDrawerError,
    NoTariffError,
    NoTerminalSlipError,
    TooLittleTenderedError,
)
from payments.services.taking import take_payment, tariff_in_force, tariffs_in_force

__all__ = [
    "NoDrawerError",
    "NoTariffError",
    "NoTerminalSlipError",
    "TooLittleTenderedError",
    "take_payment",
    "tariff_in_force",
    "tariffs_in_force",
]
