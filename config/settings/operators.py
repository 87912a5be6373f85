"""Who keeps the machines, and what they are mailed about (docs/operations.md)."""

#: Whoever sends it reads /metrics alone.
METRICS_TOKEN = ""
#: Empty: nobody is mailed.
OPERATOR_EMAIL = ""
#: 0: backups are made by other means.
BACKUP_MAX_HOURS = 0
#: For how long a backup is kept: said in the notice, and done by who keeps them.
BACKUP_DAYS = 35
DISK_PATHS = ["/"]
DISK_FREE_PERCENT = 10
#: Empty: the server behind SITE_URL is asked.
TLS_CERTIFICATE = ""
CERTIFICATE_DAYS = 21
