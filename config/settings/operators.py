"""Settings for operators: tokens, mails and limits (docs/operations.md)."""

#: A request with this token may read /metrics, and nothing else.
METRICS_TOKEN = ""
#: Where mails about alarms go; empty: nowhere.
OPERATOR_EMAIL = ""
#: How old the last backup may be; 0: backups are made by other means.
BACKUP_MAX_HOURS = 0
#: After how many days the operator deletes a backup, as the public's notice says; 0: no
#: backups are kept.
BACKUP_DAYS = 35
DISK_PATHS = ["/"]
DISK_FREE_PERCENT = 10
#: The file of the site's certificate; empty: the server behind SITE_URL is asked.
TLS_CERTIFICATE = ""
CERTIFICATE_DAYS = 21
