"""`manage.py reset_second_factor <username>` removes the app of a clerk.

It is for a lost phone, when there is no supervisor who could do it in the admin.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from counter.models import Clerk
from counter.sign_in import sign_in_app


class Command(BaseCommand):
    help = (
        "Forget the app a clerk signs in with: the next sign-in sets one up. Ends the "
        "clerk's sessions and is written in the journal."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")

    def handle(self, *, username: str, **_options: Any) -> None:
        clerk = Clerk.objects.filter(username=username).first()
        if clerk is None:
            raise CommandError(f"Nobody is called {username}.")
        if not sign_in_app.reset(clerk=clerk, by=None, at=timezone.now()):
            raise CommandError(f"{username} has no app set up.")
        self.stdout.write(f"{username} sets up an app at the next sign-in.")
