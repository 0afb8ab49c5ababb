# hubbub: `make run` starts it, `make test` tests it, `make check` is the one list of checks.
# Works with GNU make 3.81 and later and with BSD make; needs only Python >= 3.11.
#   PYTHON=python3.12   the interpreter that makes .venv      ARGS="-k wire"   passed on to the tool
#   WORKERS=0           tests one at a time, in this process

PYTHON = python3
VENV = .venv
BIN = $(VENV)/bin
PIP = $(BIN)/python -m pip --disable-pip-version-check
LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links
ARGS =
# Tests mostly wait, for programs and browsers that they start: more of them at once than there are processors.
WORKERS = 4
PYTEST = $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

.PHONY: run test check audit fuzz types bench lock format clean

run: $(VENV)/.run
	@$(BIN)/hubbub $(ARGS)

test: $(VENV)/.dev
	@$(PYTEST) $(ARGS)

check: $(VENV)/.dev
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@if command -v npm >/dev/null; then $(MAKE) -s types; else echo "no npm: the types of the web page are not checked"; fi
	@$(MAKE) -s audit
	@$(PYTEST)

# Looks for bytes that break a parser, a minute for each; ARGS="line irc --seconds 600" for these alone, and longer.
fuzz: $(VENV)/.fuzz
	@$(BIN)/python -m tests.fuzz $(ARGS)

# Whether anything is known against the locked versions. It may fail tomorrow on what passed today: that is what it is for.
audit: $(VENV)/.audit
	@$(BIN)/python scripts/audit $(ARGS)

# Those of the web page's scripts: https://www.typescriptlang.org/docs/handbook/type-checking-javascript-files.html
types: node_modules/.package-lock.json
	@node_modules/.bin/tsc -p .

node_modules/.package-lock.json: package.json package-lock.json
	@npm ci --silent
	@touch $@

bench: $(VENV)/.run
	@$(BIN)/python -m bench $(ARGS)

format: $(VENV)/.dev
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

# Keeps the pinned versions where pyproject.toml allows them; ARGS=--upgrade takes the newest.
lock: $(BIN)/python
	@$(PIP) install --quiet uv
	@printf 'hatchling\neditables\n' | $(LOCK) $(ARGS) -o requirements/build.txt -
	@$(LOCK) $(ARGS) -c requirements/build.txt -o requirements/run.txt pyproject.toml
	@$(LOCK) $(ARGS) -c requirements/build.txt -c requirements/run.txt --extra dev -o requirements/dev.txt pyproject.toml
	@printf 'pip-audit\n' | $(LOCK) $(ARGS) -c requirements/dev.txt -o requirements/audit.txt -
	@printf 'atheris<3.1; sys_platform == "linux"\n' | $(LOCK) $(ARGS) -c requirements/dev.txt -o requirements/fuzz.txt -

clean:
	rm -rf $(VENV) build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find src tests -name __pycache__ -prune -exec rm -rf {} +

# The stamps stand for "what running needs is installed" and "what developing needs is installed".
$(VENV)/.run: $(BIN)/python pyproject.toml requirements/build.txt requirements/run.txt
	@echo "installing what hubbub needs into $(VENV) (once, about a minute)"
	@$(PIP) install --quiet --require-hashes -r requirements/build.txt -r requirements/run.txt
	@$(PIP) install --quiet --no-build-isolation --no-deps --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements/dev.txt
	@echo "installing what tests and checks need into $(VENV) (once)"
	@$(PIP) install --quiet --require-hashes -r requirements/dev.txt
	@touch $@

$(VENV)/.audit: $(VENV)/.dev requirements/audit.txt
	@$(PIP) install --quiet --require-hashes -r requirements/audit.txt
	@touch $@

$(VENV)/.fuzz: $(VENV)/.dev requirements/fuzz.txt
	@$(PIP) install --quiet --require-hashes -r requirements/fuzz.txt
	@touch $@

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { \
		echo "expected Python >= 3.11, found no '$(PYTHON)'; install one, or name it: make PYTHON=/path/to/python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "expected Python >= 3.11, but %s is %d.%d; install a newer one, or name it: make PYTHON=/path/to/python3.12" % ((sys.executable,) + tuple(sys.version_info[:2])))'
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "expected a Python that can make environments (on Debian: apt-get install python3-venv)" >&2; exit 1; }
