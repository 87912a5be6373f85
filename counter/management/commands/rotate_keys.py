"""`manage.py rotate_keys` encrypts all values again with the keys now in use."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from counter.crypto import rotation
from counter.crypto.rotation import Figures


class Command(BaseCommand):
    help = (
        "Seal every number, document and secret again with the first of "
        "ENCRYPTION_KEYS, and bring the index columns in step with INDEX_KEYS. "
        "The office may work meanwhile; after a stop, run it again (docs/keys.md)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--batch", type=int, default=rotation.BATCH)

    def handle(self, *, batch: int, **_options: Any) -> None:
        is_whole = True
        for model in rotation.keyed_models():
            name = model._meta.label

            def say(figures: Figures, name: str = name) -> None:
                self.stderr.write(f"{name}: {figures.written} so far")

            figures = rotation.rotate(model, batch=batch, progress=say)
            left = rotation.remaining(model)
            self.stdout.write(
                f"{name}: {figures.written} written, "
                f"{figures.changed_meanwhile} changed meanwhile, "
                f"{figures.unreadable} unreadable, "
                f"{figures.known_twice} known twice, "
                f"{left} left"
            )
            is_whole = is_whole and figures.is_whole and not left
        if not is_whole:
            raise CommandError(
                "Not everything is under the keys in force. Do not drop an old key. "
                "Run this again for what is left; unreadable rows need a key that is "
                "missing (docs/keys.md)."
            )
        self.stdout.write("Everything is under the keys in force.")
