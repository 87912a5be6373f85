"""What is done with money at the counter, named after the buttons."""

from payments.services.taking import (
    NoTariffError,
    NoTerminalSlipError,
    TooLittleTenderedError,
    take_payment,
    tariff_in_force,
)

__all__ = [
    "NoTariffError",
    "NoTerminalSlipError",
    "TooLittleTenderedError",
    "take_payment",
    "tariff_in_force",
]
