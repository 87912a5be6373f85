"""The Celery application: workers and beat start from here.

Web processes load it too, so that a shared task finds the broker's address.
"""

import os

from celery import Celery, signals

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

app = Celery("sleutelloket")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.worker_init.connect
def refuse_demo_accounts(**_kwargs: object) -> None:
    from counter import checks  # noqa: PLC0415 (it has models)

    checks.refuse_demo_accounts()


@signals.setup_logging.connect
def keep_our_logging(**_kwargs: object) -> None:
    """Celery leaves logging alone when something listens to this signal."""
