"""The WSGI application that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

application = get_wsgi_application()

from counter.checks import refuse_demo_accounts  # noqa: E402 (it has models)

refuse_demo_accounts()
