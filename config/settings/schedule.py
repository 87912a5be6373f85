"""The tasks that Celery's beat starts, and when.

A message that no worker took before the next one is useless; without `expires` messages
would pile up while no worker runs. Nearly all daily work is done every hour, so that a
missed hour is made up for on the same day; a second run does nothing twice. Only what
the next day makes up for runs once: counting, checking the journal, old sessions.
"""

from celery.schedules import crontab

CELERY_BEAT_SCHEDULE = {
    "deliver": {
        "task": "notifications.tasks.deliver",
        "schedule": 60,
        "options": {"expires": 55},
    },
    "seal-journal": {
        "task": "counter.tasks.seal_journal",
        "schedule": 60,
        "options": {"expires": 55},
    },
    # After the last seal before midnight; every hour, so that a missed one is made up
    # for.
    "mail-journal-head": {
        "task": "notifications.tasks.mail_journal_head",
        "schedule": crontab(minute="15"),
        "options": {"expires": 55 * 60},
    },
    "lapse-codes": {
        "task": "activation.tasks.lapse_codes",
        "schedule": crontab(minute="*/15"),
        "options": {"expires": 14 * 60},
    },
    "expire-keys": {
        "task": "activation.tasks.expire_keys",
        "schedule": crontab(minute="5"),
        "options": {"expires": 55 * 60},
    },
    # Only in the daytime: many people have their phone beside their bed.
    "remind": {
        "task": "notifications.tasks.remind",
        "schedule": crontab(hour="8-19", minute="30"),
        "options": {"expires": 55 * 60},
    },
    "count-key-endings": {
        "task": "activation.tasks.count_key_endings",
        "schedule": crontab(hour="1", minute="10"),
        "options": {"expires": 55 * 60},
    },
    "count-months": {
        "task": "counter.tasks.count_months",
        "schedule": crontab(hour="1", minute="20"),
        "options": {"expires": 55 * 60},
    },
    "purge-request-counts": {
        "task": "activation.tasks.purge_request_counts",
        "schedule": crontab(minute="50"),
        "options": {"expires": 55 * 60},
    },
    "file-wrong-passwords": {
        "task": "activation.tasks.file_wrong_passwords",
        "schedule": crontab(minute="*/10"),
        "options": {"expires": 9 * 60},
    },
    # Soon after the end of the hour whose failures it writes down.
    "sum-up-failed-sign-ins": {
        "task": "counter.tasks.sum_up_failed_sign_ins",
        "schedule": crontab(minute="2"),
        "options": {"expires": 55 * 60},
    },
    "apply-hourly-retention": {
        "task": "counter.tasks.apply_hourly_retention",
        "schedule": crontab(minute="20"),
        "options": {"expires": 55 * 60},
    },
    # Four times, so that the work of a long night is done by the morning.
    "apply-retention": {
        "task": "counter.tasks.apply_retention",
        "schedule": crontab(hour="2-5", minute="35"),
        "options": {"expires": 55 * 60},
    },
    # It checks a seventh in a night, so everything in a week; a long journal takes more
    # nights.
    "check-journal": {
        "task": "counter.tasks.check_journal",
        "schedule": crontab(hour="4", minute="45"),
        "options": {"expires": 55 * 60},
    },
    "purge-sessions": {
        "task": "counter.tasks.purge_sessions",
        "schedule": crontab(hour="3", minute="15"),
        "options": {"expires": 12 * 60 * 60},
    },
}

#: Only if a mailbox is configured. A clerk sees a bounce within a minute.
READ_BOUNCES = {
    "read-bounces": {
        "task": "notifications.tasks.read_bounces",
        "schedule": 30,
        "options": {"expires": 25},
    },
}
