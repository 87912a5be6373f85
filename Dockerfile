# One image for web, worker, schedule, delivery loop and migrations: the command
# differs (docker-compose.yml). It holds no secret and no setting.
# .ci/pin-images hands it over with its digest.
ARG PYTHON_IMAGE=python:3.13-slim
FROM ${PYTHON_IMAGE}

# What WeasyPrint draws the slip with. Its letters are a Python package; Pango wants to
# find one font of the machine all the same.
# Backups want pg_dump of the server's version (docker-compose.yml), which is newer than
# the distribution's: postgresql-common knows where PostgreSQL keeps its own packages.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        ca-certificates postgresql-common \
        fonts-dejavu-core libharfbuzz-subset0 libpango-1.0-0 libpangoft2-1.0-0 \
    && /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y \
    && apt-get install --yes --no-install-recommends postgresql-client-18 \
    && rm -rf /var/lib/apt/lists/*

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=config.settings.production \
    BIND=0.0.0.0:8000

WORKDIR /app
COPY requirements/base.txt requirements/base.txt
RUN pip install --no-cache-dir --disable-pip-version-check \
        --require-hashes -r requirements/base.txt

# The base image has Python's own modules without .pyc files, and nothing writes them here:
# each health check would compile them anew, which takes two thirds of its time.
RUN python -m compileall -q -x site-packages "$(python -c 'import os; print(os.path.dirname(os.__file__))')"

COPY . .
# In .local the schedule remembers what it ran last.
RUN python -m config.translations \
    && .ci/static --verbosity 0 \
    && python -m compileall -q activation config counter notifications payments \
    && useradd --system --uid 10001 --no-create-home office \
    && install --directory --owner office .local

USER office
EXPOSE 8000
CMD ["python", "-m", "gunicorn", "--config", "python:config.server", "config.wsgi:application"]
