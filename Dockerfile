# One image for web, worker, schedule, delivery loop and migrations: the command
# differs (docker-compose.yml). It holds no secret and no setting.
FROM python:3.13-slim

# What WeasyPrint draws the slip with, and letters for every name.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        fonts-dejavu-core libharfbuzz-subset0 libpango-1.0-0 libpangoft2-1.0-0 \
    && rm -rf /var/lib/apt/lists/*

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=config.settings.production \
    BIND=0.0.0.0:8000

WORKDIR /app
COPY requirements/base.txt requirements/base.txt
RUN pip install --no-cache-dir --disable-pip-version-check \
        --require-hashes -r requirements/base.txt

COPY . .
# Settings must be there to collect static files, their values are of no use: made
# up here, forgotten with the shell. In .local the schedule remembers its last runs.
RUN python -m config.translations \
    && key="k:$(python -c 'import base64, os; print(base64.b64encode(os.urandom(32)).decode())')" \
    && SECRET_KEY="$key" DERIVATION_KEYS="$key" ENCRYPTION_KEYS="$key" INDEX_KEYS="$key" \
        ALLOWED_HOSTS=localhost SITE_URL=https://localhost SMTP_HOST=localhost \
        DEFAULT_FROM_EMAIL=nobody@localhost REDIS_URL=redis://localhost \
        DATABASE_URL=postgresql://localhost/none \
        python manage.py collectstatic --noinput --verbosity 0 \
    && python -m compileall -q activation config counter notifications payments \
    && useradd --system --uid 10001 --no-create-home office \
    && install --directory --owner office /app/.local

USER office
EXPOSE 8000
CMD ["python", "-m", "gunicorn", "--config", "python:config.server", "config.wsgi:application"]
