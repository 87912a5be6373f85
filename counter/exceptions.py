"""What can go wrong at the counter, as sentences for the person at the desk."""

from django.utils.functional import Promise


class CounterError(Exception):
    """A refusal with a sentence; the view shows it and nothing has changed."""

    def __init__(self, sentence: str | Promise) -> None:
        super().__init__(sentence)
        self.sentence = sentence

    def __str__(self) -> str:
        return str(self.sentence)


class MoveRefusedError(CounterError):
    """The dossier is not in a state from which this can be done."""


class OpenDossierError(CounterError):
    """The person has an open dossier already."""
