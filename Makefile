# make run: the filled portal on SQLite. make test: the suite on SQLite. Everything lives in this folder.
HOST ?= 127.0.0.1
PORT ?= 8000
PYTHON := .venv/bin/python
export UV_SYSTEM_CERTS = 1

.PHONY: run setup test test-postgres bench lint format

setup:
	@.ci/venv requirements.lock requirements-dev.lock

run: setup
	@MODE=demo $(PYTHON) manage.py run_demo --host $(HOST) --port $(PORT)

test: setup
	@MODE=test $(PYTHON) -m pytest $(ARGS)

test-postgres: setup
	@MODE=test .ci/with-postgres $(PYTHON) -m pytest $(ARGS)

lint: setup
	@.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/djhtml --check templates

format: setup
	@.venv/bin/ruff check --fix-only . && .venv/bin/ruff format . && .venv/bin/djhtml templates
