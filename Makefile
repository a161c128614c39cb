# Two commands do everything on a machine with Python 3.11 to 3.14 and make:
#   make demo    install into .venv and grade hw2: the template, a wrong submission, the reference
#   make test    install into .venv and run the tests
PYTHON ?= python3
BIN := .venv/bin
DLKIT := $(BIN)/dlkit

.PHONY: demo test test-quick test-all lint bench scale-bench desk-bench stranger derive clean help

help:  ## show these commands
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:[^#]*## /	/'

# The stamp is newer than what was installed from: an unchanged checkout installs once.
.venv/installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' || \
		{ echo "the tests need Python 3.11 to 3.14; choose one with: make PYTHON=python3.11 ..."; exit 1; }
	@echo "Installing dlkit into .venv (TensorFlow is large: this takes a minute or two)"
	@$(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

demo: .venv/installed  ## grade hw2: the untouched template, a wrong submission, the reference
	@echo; echo "=== 1. The untouched template: dlkit grade assignments/hw2"; echo
	@$(DLKIT) grade assignments/hw2; test $$? -eq 1
	@echo; echo "=== 2. A wrong submission: dlkit grade assignments/hw2 --submission examples/hw2/ada"; echo
	@$(DLKIT) grade assignments/hw2 --submission examples/hw2/ada; test $$? -eq 1
	@echo; echo "=== 3. The reference: dlkit grade assignments/hw2 --submission solutions/hw2"; echo
	@$(DLKIT) grade assignments/hw2 --submission solutions/hw2

# Tests that run out of time on purpose wait more than they work: on a machine that is not busy otherwise, JOBS=4 is faster.
JOBS ?= 2
test: .venv/installed  ## run the tests, JOBS=2 at a time
	@$(BIN)/python -m pytest -q -n $(JOBS) --dist loadgroup

# The tests of one room of autograder/, of one part of dlkit/ (ROOM=kit, class or gradescope) or of the sandbox, but for those
# that are marked as slow.
ROOM ?= text
test-quick: .venv/installed  ## run the tests of one room in a minute, ROOM=inbox
	@$(BIN)/python -m pytest -q -n $(JOBS) --dist loadgroup -m 'not slow' tests/test_house.py $(wildcard tests/autograder/$(ROOM) \
		tests/autograder/test_$(ROOM).py tests/$(ROOM) tests/dlkit/test_$(ROOM).py tests/dlkit/test_$(ROOM)s.py \
		autograder/$(ROOM) autograder/$(ROOM).py dlkit/$(ROOM) dlkit/$(ROOM).py)

test-all: .venv/installed  ## run the tests on every known mistake and hostile program, not on a sample of them (an hour)
	@DLKIT_ALL=1 $(BIN)/python -m pytest -q -n $(JOBS) --dist loadgroup

lint: .venv/installed  ## ruff and mypy
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

# Otter-Grader has an environment of its own: it and this kit pin other versions of the same packages.
.venv-bench/installed: .venv/installed
	@echo "Installing Otter-Grader into .venv-bench, to be measured beside dlkit"
	@$(PYTHON) -m venv --clear .venv-bench
	@$(BIN)/python -m pip freeze --exclude-editable | grep -iE '^(tensorflow(-cpu)?|keras|numpy|scikit-learn|safetensors)==' > .venv-bench/pins
	@.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check -r .venv-bench/pins 'otter-grader>=7,<8' ipykernel
	@touch $@

# The build that speed is compared with: a checkout of its own, with an environment of its own. OTHER=../dlkit-before takes another.
BASE := 2e8d8c1
BEFORE := .venv-before/checkout
OTHER ?= $(BEFORE)
$(BEFORE)/.venv/installed:
	@echo "Installing the build $(BASE) into .venv-before, to be measured beside this one"
	@rm -rf .venv-before && git clone --quiet --no-checkout . $(BEFORE)
	@git -C $(BEFORE) checkout --quiet $(BASE)
	@cd $(BEFORE) && $(MAKE) --no-print-directory PYTHON=$(PYTHON) .venv/installed

bench: .venv/installed .venv-bench/installed $(OTHER)/.venv/installed  ## classes and gradings beside what courses use, then the goals and what is met (an hour)
	@$(BIN)/python benchmarks/start.py
	@$(BIN)/python benchmarks/classroom.py --otter .venv-bench/bin/otter --json bench.json
	@$(BIN)/python benchmarks/goals.py $(OTHER) --json goals.json

scale-bench: .venv/installed  ## a class of 10,000 on one machine, and of 2,000 on a cluster; with kills (an hour)
	@$(BIN)/python benchmarks/scale.py --kills --json scale.json
	@$(BIN)/python benchmarks/scale.py --count 2000 --few 0 --dask --kills

# nbgrader has an environment of its own, with what the notebooks of hw4 import.
.venv-nbgrader/installed:
	@echo "Installing nbgrader into .venv-nbgrader, to be measured beside the desk"
	@$(PYTHON) -m venv --clear .venv-nbgrader
	@.venv-nbgrader/bin/python -m pip install --quiet --disable-pip-version-check 'nbgrader==0.9.6' ipykernel numpy scikit-learn
	@touch $@

desk-bench: .venv/installed .venv-nbgrader/installed  ## the desk beside nbgrader's formgrader, and beside a grading (10 minutes)
	@$(BIN)/python benchmarks/desk.py 3 --grading
	@$(BIN)/python benchmarks/formgrader.py .venv-nbgrader/bin/python

# Bohrin has an environment of its own too: nothing of it is needed to use or to test dlkit.
.venv-stranger/installed:
	@echo "Installing bohrin into .venv-stranger, to try its battery on dlkit"
	@$(PYTHON) -m venv --clear .venv-stranger
	@.venv-stranger/bin/python -m pip install --quiet --disable-pip-version-check 'bohrin==0.4.2'
	@touch $@

stranger: .venv/installed .venv-stranger/installed  ## try a stranger's battery of wrong submissions on every function (20 minutes)
	@$(BIN)/python benchmarks/stranger.py --python .venv-stranger/bin/python --markdown docs/trust.md

derive: .venv/installed  ## rewrite what is derived: stubs, points tables, records, figures, the README's session, docs' references
	@$(DLKIT) derive --record assignments/*
	@$(DLKIT) figures --handouts
	@$(BIN)/python scripts/readme.py
	@$(BIN)/python scripts/commands.py
	@$(BIN)/python scripts/api.py

clean:  ## remove what these commands made
	@rm -rf .venv .venv-bench .venv-before .venv-stranger bench.json scale.json .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist
