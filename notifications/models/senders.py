"""What the processes that send tell each other: how a lane stands, who is alive."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from notifications.enums import Channel, Lane, Part


class Circuit(models.Model):
    """How a lane of a channel stands with its server, for all processes alike
    (notifications.outbox.circuits).

    `failures` are those of the server, one after the other. After some of them the lane
    rests until `paused_until`; then one message is tried. `opened_at` is since when it
    rests. `paced_until` is the earliest instant of the next message, where a lane may
    send only so many a minute.
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
    """When a process last said that it is alive (notifications.health.heartbeats).

    Written by the process itself, also when it has nothing to do. `certificate_ends` is
    what it saw last of the site's certificate (notifications.health.machine).
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
