# Everything a person does with this repository. Each target sets up what it needs by itself (packaging/setup.sh).

PY := .venv/bin/python
DEMO ?=
WORKERS ?= 2
TESTS ?= tests

.PHONY: help setup demo run test check test-interop test-long test-faults test-leaks bench pictures package lock clean

help:
	@echo "make demo          the main job from end to end, in a folder it names, then the window"
	@echo "make test          the tests"
	@echo "make run           the window"
	@echo "make check         style, types, floors, and the checks of packaging/checks/"
	@echo "make test-interop  age's test vectors and an independent implementation of it"
	@echo "make test-long     what takes long: thousands of kills, mutants and histories"
	@echo "make test-faults | test-leaks   those parts alone, long ones included"
	@echo "make bench         speeds, beside their peers"
	@echo "make pictures      every screen and page as PNG, in pictures/"
	@echo "make package       a folder that runs without installing, in dist/"

setup:
	@packaging/setup.sh run

demo: setup
	$(PY) -m kzdoc.cli demo $(if $(DEMO),-o $(DEMO))

run: setup
	$(PY) -m ui

test:
	@packaging/setup.sh test
	$(PY) -m pytest -n $(WORKERS) --dist worksteal -m "not long and not interop" $(TESTS)

check: setup
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(PY) -m mypy --platform win32 kzdoc/platform
	$(PY) -m mypy --config-file packaging/checks/tests.ini tests
	.venv/bin/lint-imports --no-cache
	@set -e; for check in system_calls network sentences addresses sizes reads; do $(PY) packaging/checks/$$check.py; done

test-interop:
	@packaging/setup.sh interop
	$(PY) -m pytest -m interop tests

test-long:
	@packaging/setup.sh test
	$(PY) -m pytest -n $(WORKERS) --dist worksteal -m long tests

test-faults test-leaks: test-%:
	@packaging/setup.sh test
	$(PY) -m pytest tests/$*

bench:
	@packaging/setup.sh bench
	$(PY) -m tests.bench

pictures:
	@packaging/setup.sh test
	$(PY) -m ui.pictures pictures
	$(PY) packaging/pages.py pictures/pages

package:
	@packaging/setup.sh package
	packaging/package.sh

# The pinned files; needs uv, which is not part of the set-up.
lock:
	uv pip compile -q --universal --generate-hashes --python-version 3.11 --no-header --no-annotate \
	    requirements/runtime.in -o requirements/runtime.txt
	uv pip compile -q --universal --generate-hashes --python-version 3.11 --no-header --no-annotate \
	    -c requirements/runtime.txt requirements/dev.in -o requirements/dev.txt
	cd tests/interop && npm install --package-lock-only --omit-lockfile-registry-resolved --no-audit --no-fund --ignore-scripts

clean:
	rm -rf build dist demo-out* pictures .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
