"""What can go wrong with money, as sentences for the person at the desk."""

from counter.exceptions import CounterError


class NoTariffError(CounterError):
    """The office has no price for this day."""


class PriceChangedError(CounterError):
    """The price is not, or no longer, the one that the person was told."""


class TooLittleTenderedError(CounterError):
    """Less was handed over than is due."""


class NoTerminalSlipError(CounterError):
    """A card payment without the number on the terminal's slip."""


class SlipUsedError(CounterError):
    """The number of the terminal's ticket paid for something else that day."""


class NoDrawerError(CounterError):
    """Cash, and the clerk has no open drawer to put it in."""


class DrawerOpenError(CounterError):
    """The clerk has a drawer that is not closed yet."""


class DrawerMovedOnError(CounterError):
    """The drawer is in another state than this button is for."""


class DrawerRefusedError(CounterError):
    """Something about the drawer is missing, or is not this person's to do."""
