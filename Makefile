# make run: the filled portal on SQLite. make test: the suite on SQLite. Everything lives in this folder.
HOST ?= 127.0.0.1
PORT ?= 8000
PYTHON := .venv/bin/python
export UV_SYSTEM_CERTS = 1

.PHONY: run setup lock test test-postgres audit prove-install prove-kills prove-clock prove-disk freeze-migrations bench bench-search bench-sizes chaos soak lint format

setup:
	@.ci/venv requirements.lock requirements-dev.lock

# After a change of the dependencies in pyproject.toml.
lock: setup
	@uv=$$(command -v uv || echo .uv/bin/uv); options="--quiet --generate-hashes --no-emit-index-url --no-header --universal --python-version 3.12"; \
	$$uv pip compile $$options pyproject.toml -o requirements.lock && \
	$$uv pip compile $$options pyproject.toml --group dev -o requirements-dev.lock && \
	$$uv pip compile $$options --group audit -o requirements-audit.lock

run: setup
	@MODE=demo $(PYTHON) manage.py run_demo --host $(HOST) --port $(PORT)

test: setup
	@MODE=test .ci/suite $(ARGS)

test-postgres: setup
	@MODE=test .ci/with-postgres .ci/suite $(ARGS)

# Faults under load against a PostgreSQL of its own, a minute each; SECONDS=10 for a quick look.
SECONDS ?= 60
chaos: setup
	@$(PYTHON) -m tests.cache.chaos $(SECONDS)

# What the workers hold after MINUTES of load, with the packages of production only.
MINUTES ?= 30
soak:
	@VENV=.venv-production .ci/venv requirements.lock && .venv-production/bin/python -m tests.benchmarks.soak $(MINUTES)

# With each release: from now on migrations must work with the code of this one (tests/test_migrations.py).
freeze-migrations: setup
	@MODE=test $(PYTHON) manage.py shell -v0 -c "from tests.test_migrations import freeze; freeze()"

# docs/operate.md done as it says: installed, read over TLS, released, lost and restored, in a throw-away root. As root, on Debian.
prove-install: setup
	@$(PYTHON) -m tests.operate.install_proof $(ARGS)

# Backups and restores killed at random moments, on a small SQLite site of their own.
prove-kills: setup
	@$(PYTHON) -m tests.operate.kills $(ARGS)

# Schedules kept by real workers while their clock is moved. Needs Debian's faketime.
prove-clock: setup
	@$(PYTHON) -m tests.publishing.clock_proof

# Uploads, backups and copies of pages on disks that are really full. As root.
prove-disk: setup
	@$(PYTHON) -m tests.operate.disk_proof

# BAR.md's ids over the portal in production mode behind nginx with TLS, the tests and the proofs that show the rest; ARGS=checks, tests
# or proofs for one part. As root, with Debian's nginx, postgresql, chromium, faketime, slowhttptest and wget.
audit: setup
	@VENV=.venv-audit .ci/venv requirements-audit.lock && .ci/with-postgres $(PYTHON) -m tests.audit $(ARGS)

lint: setup
	@.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/djhtml --check templates

format: setup
	@.venv/bin/ruff check --fix-only . && .venv/bin/ruff format . && .venv/bin/djhtml templates

# How fast search is over SIZE generated items: make bench-search SIZE=10000 DATABASE=sqlite|postgres.
bench-search: setup
	@$(if $(filter postgres,$(DATABASE)),.ci/with-postgres) $(PYTHON) -m tests.benchmarks.search $(SIZE)

# What a page costs as the portal grows: make bench-sizes SIZES="demo 1000 10000" DATABASE=sqlite|postgres.
SIZES ?= demo 1000 10000
bench-sizes: setup
	@$(if $(filter postgres,$(DATABASE)),.ci/with-postgres) $(PYTHON) -m tests.benchmarks.sizes $(SIZES) --database $(DATABASE) $(ARGS)

# What every template costs: make bench SIZE=demo|10000|100000 DATABASE=sqlite|postgres (docs/performance.md).
SIZE ?= demo
DATABASE ?= sqlite
bench: setup
	@$(if $(filter postgres,$(DATABASE)),.ci/with-postgres) $(PYTHON) -m tests.benchmarks --size $(SIZE) --database $(DATABASE) $(ARGS)
