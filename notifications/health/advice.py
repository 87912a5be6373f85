"""What a trouble means and what to do about it, in plain words: on the page and in the
mail to the operator.
"""

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from counter.operations import duties
from notifications.enums import Channel, Part, Trouble

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise, StrPromise

#: What it means for the office, then what to do.
_TEXTS: "Final[dict[Trouble, tuple[StrPromise, StrPromise]]]" = {
    Trouble.DATABASE: (
        _("Nobody can sign in, record or send anything."),
        _("Look whether the database runs, and read its log."),
    ),
    Trouble.MIGRATIONS: (
        _("Pages and tasks fail that need what this version adds to the tables."),
        _("Run the migration, and read in its log why it did not end."),
    ),
    Trouble.NO_SENDER: (
        _("No mail and no text message leaves. The counter goes on working."),
        _("Start the worker and the delivery loop again, and read their logs."),
    ),
    Trouble.STUCK: (
        _("Messages are tried and none leaves."),
        _("Look whether the mail server or the gateway answers, and what it says."),
    ),
    Trouble.RESTING: (
        _("It failed when it was tried last. Where nothing waits, nobody tries it."),
        _("Look whether the mail server or the gateway answers, and what it says."),
    ),
    Trouble.UNSENT: (
        _("People wait for a link or for digits that are not on their way."),
        _("Look whether worker and delivery loop work, and the server answers."),
    ),
    Trouble.NOTHING_RAN: (
        _("Codes do not lapse, nobody is reminded, nothing is sealed or removed."),
        _("Start beat, the worker and the broker again, and read their logs."),
    ),
    Trouble.KEYS: (
        _("What others wrote with that key cannot be read by this process."),
        _("Start every process of that machine again with the new keys."),
    ),
    Trouble.SEAL_BROKEN: (
        _("Somebody may have altered the journal in the database itself."),
        _("Run verify_journal, keep its words and the logs, and tell the officer."),
    ),
    Trouble.SEAL_LATE: (
        _("What was written since then is not protected by a seal yet."),
        _("Read the worker's log: a transaction that never ends may keep the table."),
    ),
    Trouble.BACKUP_OLD: (
        _("A disk that breaks now takes everything since then with it."),
        _("Run the backup by hand and look why it did not run by itself."),
    ),
    Trouble.DISK: (
        _("When it is full, nothing can be written any more."),
        _("Make room on it, or make it larger."),
    ),
    Trouble.DISK_UNREAD: (
        _("Nobody is warned before the disk under it is full."),
        _("Correct DISK_PATHS of this machine, or mount the disk."),
    ),
    Trouble.CERTIFICATE: (
        _("After its last day no browser opens the site."),
        _("Renew the certificate and let the proxy read it."),
    ),
    Trouble.CERTIFICATE_UNREAD: (
        _("Nobody is warned before the certificate of the site ends."),
        _("Let this machine reach the site, or read the file of its certificate."),
    ),
    Trouble.PART: (
        _("Another process does its work, or part of it waits."),
        _("Start it again, and read its log."),
    ),
    Trouble.TASK_FAILS: (
        _("What it does by itself is not done."),
        _("Look for its name in the worker's log: the kind of error stands there."),
    ),
    Trouble.TASK_LATE: (
        _("What it does by itself is not done."),
        _("Look whether beat and the worker are alive, and read their logs."),
    ),
}


def meaning(trouble: Trouble) -> "StrPromise":
    return _TEXTS[trouble][0]


def what_to_do(trouble: Trouble) -> "StrPromise":
    return _TEXTS[trouble][1]


def named(about: str) -> "StrOrPromise":
    """The label of a task, a part or a channel; any other text is returned
    unchanged.
    """
    for duty in duties.every():
        if duty.task == about:
            return duty.label
    for choices in (Part, Channel):
        if about in choices:
            return choices(about).label
    return about
