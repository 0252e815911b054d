# The two commands: `make run` runs the product with demo data, `make test` proves it.
# Everything is installed into .venv and api/static/dist; the database lives in var/ (as root: below /var/lib/hejie).

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
PORT ?= 8000
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: run test bench check faults browser lock clean

run: .venv/.runtime api/static/dist/.built api/translations/.built
	@$(BIN)/hejie run --port $(PORT)

test: .venv/.dev api/static/dist/.built api/translations/.built browser
	@$(BIN)/python -m pytest $(TEST)

# A real browser for the tests: one that is there, Debian's as root, or the one that playwright fetches.
browser: .venv/.dev
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null \
		|| { test "$$(id -u)" = 0 && command -v apt-get >/dev/null && echo "Installing chromium …" \
			&& apt-get update -qq && apt-get install -y -qq chromium fonts-noto-cjk >/dev/null; } \
		|| $(BIN)/playwright install chromium \
		|| { echo "The tests need Chromium: install it, then run make test again."; exit 1; }

bench: .venv/.dev api/static/dist/.built api/translations/.built
	@$(BIN)/python -m bench

# An hour of killing: the fault tests, ten times as long as in the suite.
faults: .venv/.dev api/static/dist/.built api/translations/.built
	@HEJIE_FAULT_SCALE=10 $(BIN)/python -m pytest -m faults tests/faults

# All that must hold besides the tests: style, types, who may import whom, diagrams and forms.
check: .venv/.dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet api/templates forms/templates
	$(BIN)/hejie check $$(git ls-files 'processes/*.bpmn' 'processes/*.dmn' 'forms/library/*.form.json')

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; name it with make PYTHON=…"; exit 1; }
	@echo "Making a virtual environment with $(PYTHON) …"
	@$(PYTHON) -m venv .venv || { echo "Python has no venv module here (Debian: apt install python3-venv)."; exit 1; }

# The locks name versions and hashes of every package, and no place to fetch them from: pip's own setting decides that.
.venv/.runtime: requirements-build.lock pyproject.toml | .venv/bin/python
	@echo "Installing what requirements-build.lock names …"
	@$(PIP) install --require-hashes --requirement requirements-build.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.dev: requirements-dev.lock .venv/.runtime
	@echo "Installing what requirements-dev.lock names …"
	@$(PIP) install --require-hashes --requirement requirements-dev.lock
	@touch $@

FRONTEND := $(shell find api/frontend -type f -not -path '*/node_modules/*' 2>/dev/null) docs/feel.md
api/static/dist/.built: $(FRONTEND) .venv/.runtime
	@echo "Bundling the parts of the pages that need it …"
	@PATH="$(CURDIR)/$(BIN):$$PATH" npm --prefix api/frontend ci --ignore-scripts --no-audit --no-fund --silent \
		|| { echo "npm could not fetch its packages: is a registry within reach? (npm config get registry)"; exit 1; }
	@PATH="$(CURDIR)/$(BIN):$$PATH" npm --prefix api/frontend run --silent build
	@touch $@

api/translations/.built: $(wildcard api/translations/*/LC_MESSAGES/*.po) .venv/.runtime
	@$(BIN)/pybabel --quiet compile --directory api/translations
	@touch $@

# Bring the locks up to date with pyproject.toml (needs uv).
LOCK := $(BIN)/uv pip compile --quiet --universal --no-strip-extras --python-version 3.11 --generate-hashes --no-header --no-emit-index-url pyproject.toml
lock:
	$(BIN)/python -m pip install --quiet uv
	$(LOCK) --output-file requirements.lock
	$(LOCK) --group build --constraints requirements.lock --output-file requirements-build.lock
	$(LOCK) --group build --group dev --constraints requirements-build.lock --output-file requirements-dev.lock

clean:
	rm -rf .venv api/static/dist api/translations/.built api/frontend/node_modules
