# The commands of daily work. Each of them installs what it needs first and skips what is there already.

PYTHON ?= python3
VENV := .venv/bin

.PHONY: help run test test-sqlite test-postgres lint format bench screenshots lock messages run-needs test-needs

help:
	@echo "make run          the portal with demo data, on http://localhost:8000 (PORT=…, DATA_DIR=…)"
	@echo "make test         the whole suite on SQLite, then what depends on servers on PostgreSQL, Redis and S3"
	@echo "make lint         format, lint, types, import contracts, missing migrations, templates"
	@echo "make format       bring code and templates into the form that lint asks for"
	@echo "make bench        the benchmark table, also in build/bench.json"
	@echo "make screenshots  every screen, on a phone and on a desktop, into docs/screenshots"
	@echo "make messages     collect texts that still need their English into locale/en"
	@echo "make lock         write requirements.txt and requirements-dev.txt from pyproject.toml (needs uv)"

run-needs:
	@$(PYTHON) deploy/system_packages.py run
	@$(PYTHON) deploy/environment.py requirements.txt

test-needs:
	@$(PYTHON) deploy/system_packages.py test
	@$(PYTHON) deploy/environment.py requirements-dev.txt

run: export PORT ?= 8000
run: export DATA_DIR ?= ./var
run: run-needs
	@exec $(VENV)/python deploy/run.py

test: test-sqlite test-postgres

test-sqlite: test-needs
	$(VENV)/pytest -n 2

test-postgres: test-needs
	$(VENV)/python deploy/throwaway_servers.py --bucket $(VENV)/pytest -n 2 -m "postgres or bucket"

TEMPLATES = $(shell find templates -name '*.html')

lint: export DATA_DIR := build/lint
lint: test-needs
	$(VENV)/ruff format --check .
	$(VENV)/ruff check .
	@echo djade --check
	@$(VENV)/djade --check --target-version 5.2 $(TEMPLATES)
	$(VENV)/lint-imports --no-cache
	DJANGO_SETTINGS_MODULE=tests.settings $(VENV)/python manage.py makemigrations --check --dry-run
	$(VENV)/mypy

format: test-needs
	$(VENV)/ruff check --fix-only .
	$(VENV)/ruff format .
	@$(VENV)/djade --target-version 5.2 $(TEMPLATES)

bench: test-needs
	$(VENV)/python -m bench
	$(VENV)/python deploy/throwaway_servers.py $(VENV)/python -m bench.flat
	$(VENV)/python deploy/throwaway_servers.py $(VENV)/python -m bench.scale

screenshots: test-needs
	$(VENV)/python -m docs.screenshots

# Pins with hashes and no registry's address, so that a mirror serves as well.
LOCK = uv pip compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header \
	--python-version 3.11 pyproject.toml

lock:
	$(LOCK) --output-file requirements.txt
	$(LOCK) --group dev --output-file requirements-dev.txt

# Vietnamese is in the source; English is written into locale/en. locale/vi fills the packages' gaps by hand.
messages: run-needs
	$(VENV)/python manage.py makemessages --locale en --no-location --no-obsolete $(foreach folder,.venv var build tests bench docs deploy,--ignore "$(folder)/*")
