from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CounterConfig(AppConfig):
    name = "counter"
    verbose_name = _("Counter")

    def ready(self) -> None:
        from counter import checks  # noqa: F401, PLC0415 (it has models)
