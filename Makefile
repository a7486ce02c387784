# `make` says what there is. The first use installs what is needed into .venv; nothing else is touched.

PYTHON ?= python3
# Python in the virtual environment. Windows has no make: README.md has what to type instead.
PY = .venv/bin/python

.PHONY: help brief test test-all lint check accept diff lab audit refresh bundle bench mutants clean environment proof
.DEFAULT_GOAL := help

help:
	@echo 'make brief    run the notebooks that are out of date; write notebooks/brief.html and brief.pdf'
	@echo 'make accept   like brief, and say which verdicts, numbers and sentences changed since the last commit'
	@echo 'make check    check data, notebooks, figures and brief; runs no notebook'
	@echo 'make diff     show what changed in the notebooks since the last commit, cell by cell'
	@echo 'make test     run all notebooks and tests, and compare with what is stored'
	@echo 'make test-all also what takes long: browser, cases, a new project, mutants'
	@echo 'make lint     look for slips in the code and for lines that are not formatted'
	@echo 'make lab      open JupyterLab with the brief'
	@echo 'make audit    add a draft row to data/mentions.csv for each numeral of a new interview'
	@echo 'make refresh  ask the World Bank for newer figures (network; adds beside the old, never by itself)'
	@echo 'make bundle   write briefs, figures, data and checksums into bundle.zip'
	@echo 'make bench    measure how long things take; writes BENCHMARK.md'
	@echo 'make mutants  change single values and see whether it is noticed (a quarter of an hour)'
	@echo 'make clean    remove caches and what a killed build left (.venv stays)'
	@echo 'PYTHON=python3.12 after any of them chooses the Python for .venv.'

brief check accept lab audit refresh bundle: environment
	@$(PY) -m factcheck $@

# The report and what it stands on, in two processes; `test-all` adds browser, cases, a new project and mutants.
test: proof
	@$(PY) -m pytest -q -n 2 --dist loadscope -m 'not slow' --nbval --nbval-current-env --nbval-cell-timeout 120 notebooks/*.ipynb tests

test-all: proof
	@$(PY) -m pytest -q -n 2 --dist loadscope --nbval --nbval-current-env --nbval-cell-timeout 120 notebooks/*.ipynb tests

lint: proof
	@$(PY) -m ruff check . && $(PY) -m ruff format --check .

diff: environment
	@$(PY) -m nbdime.nbdiffapp -M -D HEAD notebooks

bench: proof
	@$(PY) tests/bench.py

mutants: proof
	@$(PY) tests/mutants.py

# Decided by content, since a fresh clone's file times say nothing. The folder counts too: an environment
# that was moved points to where it was made. The stamp is written last, so that an interrupted
# installation is done again.
environment:
	@wanted="$$(cat requirements.txt pyproject.toml .binder/beside.pth | cksum) $$(pwd)"; \
	if [ "$$(cat .venv/installed 2>/dev/null)" = "$$wanted" ] && $(PY) -c '' 2>/dev/null; then exit 0; fi; \
	$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' 2>/dev/null || { \
	    echo "$(PYTHON) is not Python 3.11, 3.12, 3.13 or 3.14. Name one: make PYTHON=python3.12 …" >&2; exit 1; }; \
	$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	    echo "$(PYTHON) has no venv module (on Debian and Ubuntu: apt install python3-venv)." >&2; exit 1; }; \
	echo 'Installing what is needed into .venv (a minute or two, once) …' >&2; \
	rm -f .venv/installed; \
	$(PY) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' 2>/dev/null || \
	    $(PYTHON) -m venv --clear .venv || exit 1; \
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt && \
	$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --force-reinstall . && \
	echo "$$wanted" > .venv/installed

# What only tests need comes when it is first asked for.
proof: environment
	@wanted="$$(cksum < tests/requirements.txt) $$(cat .venv/installed)"; \
	if [ "$$(cat .venv/installed-tests 2>/dev/null)" = "$$wanted" ]; then exit 0; fi; \
	echo 'Installing what the tests need into .venv (once) …' >&2; \
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r tests/requirements.txt && \
	echo "$$wanted" > .venv/installed-tests

clean:
	rm -rf .pytest_cache .hypothesis .building-*
	find notebooks tests -name __pycache__ -prune -exec rm -rf {} +
	find . -path ./.venv -prune -o -name .ipynb_checkpoints -prune -exec rm -rf {} +
