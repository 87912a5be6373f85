"""State that the sending processes share: failing servers, limits, and who is alive."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from notifications.enums import Channel, Lane, Part


class Circuit(models.Model):
    """The circuit breaker of one lane and channel, shared by all processes
    (notifications.outbox.circuits).

    `failures` counts failures of the server since its last answer. After some of them
    the lane rests until `paused_until`; then one message is tried. `opened_at` is since
    when it rests. `paced_until` is the earliest instant for the next message, if the
    lane may send only so many a minute.
    """

    lane = models.PositiveSmallIntegerField(_("lane"), choices=Lane.pairs)
    channel = models.CharField(_("channel"), max_length=4, choices=Channel.pairs)
    failures = models.PositiveSmallIntegerField(default=0)
    opened_at = models.DateTimeField(null=True)
    paused_until = models.DateTimeField(null=True)
    paced_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("circuit")
        verbose_name_plural = _("circuits")
        constraints = (
            models.UniqueConstraint("lane", "channel", name="circuit_once_a_lane"),
        )

    def __str__(self) -> str:
        return f"{self.channel} {self.lane}"


class Heartbeat(models.Model):
    """When a process last wrote that it is alive (notifications.health.heartbeats).

    The process writes it itself, also when it has nothing to do. `certificate_ends` is
    the end of the site's certificate as this process last saw it
    (notifications.health.machine).
    """

    part = models.CharField(max_length=10, choices=Part.pairs)
    host = models.CharField(max_length=255)
    pid = models.PositiveIntegerField()
    at = models.DateTimeField()
    certificate_ends = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("sign of life")
        verbose_name_plural = _("signs of life")
        constraints = (
            models.UniqueConstraint(
                "part", "host", "pid", name="heartbeat_once_a_process"
            ),
        )

    def __str__(self) -> str:
        return f"{self.part} {self.host} {self.pid}"
