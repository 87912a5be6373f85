"""Log lines: JSON, one event a line, with the request's reference.

What is logged is what the code names: no request body, no query string, no
address. `django.db.backends` is off, because SQL parameters are personal data.
"""

import logging

import structlog

LOGGING_CONFIG = "logging.config.dictConfig"

_SHARED: list[structlog.types.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.TimeStamper(fmt="iso", utc=False),
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
]


def route_for_path(record: logging.LogRecord) -> bool:
    """Django's lines about refused requests end in the path, which may hold a link's
    token: the route stands there instead.
    """
    if isinstance(record.args, tuple) and record.args:
        match = getattr(getattr(record, "request", None), "resolver_match", None)
        record.args = (*record.args[:-1], match.route if match else "-")
    return True


def logging_settings(level: str = "INFO") -> dict[str, object]:
    structlog.configure(
        processors=[
            *_SHARED,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.processors.format_exc_info,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processor": structlog.processors.JSONRenderer(),
                "foreign_pre_chain": _SHARED,
            },
        },
        "filters": {
            "route": {
                "()": "django.utils.log.CallbackFilter",
                "callback": route_for_path,
            },
        },
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "json"},
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django.db.backends": {"level": "WARNING"},
            "django.request": {"filters": ["route"]},
            "django.security.csrf": {"filters": ["route"]},
            "weasyprint": {"level": "ERROR"},
            "fontTools": {"level": "ERROR"},
        },
    }
