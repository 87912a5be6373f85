# Sleutelloket. `make run` and `make test` need Python 3.12 or later and make;
# everything else is installed into .venv, or said plainly to be missing.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.SUFFIXES:

VENV := .venv
PY := $(VENV)/bin/python
PORT ?= 8000
# Tests in parallel: as many as two, because each brings a browser and workers.
JOBS ?= 2

# What Python compiled is kept in __pycache__, also where the environment says not to: the
# tests start hundreds of processes, and each would compile all of it again.
unexport PYTHONDONTWRITEBYTECODE

RUN_STAMP := $(VENV)/.installed-run
TEST_STAMP := $(VENV)/.installed-test
NODE_STAMP := node_modules/.installed
BIOME := node_modules/.bin/biome

.PHONY: help run test check audit bench soak lint scripts types fix migrate seed reset messages pins
.PHONY: diagrams quick
.PHONY: pango chromium gettext node node-packages

help:
	@echo "make run        the whole product on this machine, http://127.0.0.1:$(PORT)"
	@echo "make test       every test, against real services and a real browser"
	@echo "make quick      most tests, without browser and other processes"
	@echo "make check      lint, types, import line, migrations, translations, audit, tests"
	@echo "make audit      known holes in the pinned requirements, or the pins' ages"
	@echo "make bench      the benchmarks; ONLY=slip,visit picks, QUICK=1 is two minutes"
	@echo "make soak       the long tests at full size, two hours at most; FILES=... picks"
	@echo "make lint scripts types     parts of check; scripts is our JavaScript and CSS"
	@echo "make fix        repairs what the linters and formatters can"
	@echo "make migrate seed reset     the data of the embedded run"
	@echo "make messages pins          translations; requirement files"
	@echo "make diagrams   docs/diagrams.md, drawn from the code"

# One command after exec, so that a signal to make's child reaches the supervisor.
run: $(RUN_STAMP) pango
	@exec $(PY) -m localrun.run --port '$(PORT)' --with-parent

test: $(TEST_STAMP) pango chromium gettext node-packages
	$(PY) -m pytest -n $(JOBS) $(PYTEST_ARGS)

# While one works: without a browser, other processes, or what takes long.
quick: $(TEST_STAMP) pango gettext
	$(PY) -m pytest -n $(JOBS) -m 'not browser and not processes and not long' $(PYTEST_ARGS)

check: $(TEST_STAMP) lint scripts types
	$(VENV)/bin/lint-imports
	$(PY) -m localrun.manage --fresh makemigrations --check --dry-run
	$(PY) -m config.translations --check
	$(PY) -m config.audit
	@$(MAKE) --no-print-directory test

audit: $(TEST_STAMP)
	$(PY) -m config.audit

bench: $(TEST_STAMP) pango chromium
	@$(PY) -m bench $(if $(ONLY),--only $(ONLY)) $(if $(QUICK),--quick) \
		$(if $(LARGE),--large) $(if $(BASELINE),--baseline)

# Those tests that have two sizes, each file in a process of its own (bench/soak.py).
soak: $(TEST_STAMP) pango chromium
	@JOBS=$(JOBS) $(PY) -m bench.soak $(FILES)

lint: $(TEST_STAMP)
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

# Without node this is skipped, and .ci/system has said so.
scripts: node-packages
	@if [ -x $(BIOME) ]; then $(BIOME) check --error-on-warnings; fi

# Also the sign-on that tests sign in by; without it they are skipped.
node-packages: node
	@if command -v npm >/dev/null 2>&1; then $(MAKE) --no-print-directory $(NODE_STAMP); fi

types: $(TEST_STAMP)
	@# The Django plugin reads the settings, which want to be told of servers.
	DATABASE_URL=postgresql://none/none REDIS_URL=redis://none $(PY) -m mypy .

fix: $(TEST_STAMP)
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .
	@if [ -x $(BIOME) ]; then $(BIOME) check --write; fi

migrate seed: $(RUN_STAMP)
	$(PY) -m localrun.manage $@

reset: $(RUN_STAMP)
	$(PY) -m localrun.reset

messages: $(TEST_STAMP) gettext
	$(PY) -m localrun.manage makemessages --locale nl --locale fr --locale de \
		--add-location file --no-wrap --ignore .venv --ignore .local --ignore node_modules
	$(PY) -m config.translations

# The models want settings, which want to be told of servers; nothing connects to them.
diagrams: $(RUN_STAMP)
	DJANGO_SETTINGS_MODULE=config.settings.dev \
		DATABASE_URL=postgresql://none/none REDIS_URL=redis://none \
		$(PY) -m config.diagrams

# The environment. Installed again only when its requirement file changes. pip checks
# every download against the hashes; the files name no index.

$(PY):
	@python=$$(.ci/python) || exit 1; .ci/system venv; \
	echo "Creating $(VENV) with $$python"; \
	"$$python" -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

$(RUN_STAMP): requirements/run.txt | $(PY)
	@echo "Installing requirements/run.txt (about half a minute)"
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

# The run's requirements are part of the test's, version by version.
$(TEST_STAMP): requirements/test.txt | $(PY)
	@echo "Installing requirements/test.txt (about a minute)"
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@ $(RUN_STAMP)

# Our JavaScript's linter and the tests' sign-on, at the versions that package.json pins;
# no script of a package is run, and .npmrc keeps npm from writing a lock file, which would name a registry.
$(NODE_STAMP): package.json
	@echo "Installing what package.json names (a few seconds)"
	@npm install --ignore-scripts --silent
	@touch $@

# What pip cannot install. As root on Debian it is installed; otherwise a line says
# what is missing, and the run or the tests say what they cannot do without it.

pango chromium gettext node:
	@.ci/system $@

pins: $(TEST_STAMP)
	@test -x .local/uv/bin/uv || { $(PY) -m venv .local/uv && \
		.local/uv/bin/python -m pip install --quiet --disable-pip-version-check uv; }
	@for part in base run test; do \
		.local/uv/bin/uv pip compile --quiet --generate-hashes --universal \
			--python-version 3.12 --no-emit-index-url --no-annotate \
			--custom-compile-command "make pins" \
			requirements/$$part.in --output-file requirements/$$part.txt $(PINS_ARGS) \
			|| exit 1; \
	done
