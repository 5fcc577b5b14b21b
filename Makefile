# `make` prints this list. Every target sets up what it needs, says so, and is silent when it is there.
.DEFAULT_GOAL := help
.SILENT:
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c

BIN := .venv/bin
STAMP := .venv/ready-for
GRADER := $(BIN)/grader
# Compiled once, not at each of the hundreds of starts that the tests are made of.
unexport PYTHONDONTWRITEBYTECODE
define WANTED
import hashlib, pathlib, tomllib
project = tomllib.loads(pathlib.Path("pyproject.toml").read_text())
what = repr((project["project"], project["build-system"], pathlib.Path("requirements-dev.lock").read_text()))
print(hashlib.sha256(what.encode()).hexdigest())
endef
export WANTED
# Where a Docker engine and both images are set up; an image that is there costs 0.3 s.
IMAGE = $(GRADER) image build > /dev/null

# What only some tests need: installed where that is possible, else said.
define DEBIAN_PACKAGE
$(NEED) || { \
	    if [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null; then \
	        echo "Installing $(PACKAGE), $(WHY) (about a minute) ..."; \
	        apt-get -qq update; \
	        DEBIAN_FRONTEND=noninteractive apt-get -qq -y install --no-install-recommends $(PACKAGE) > /dev/null; \
	    else \
	        echo "$(TELLS) Install it to run them."; \
	    fi; }
endef

help:  ## this list
	grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

venv: $(STAMP)  ## the virtual environment .venv, with everything a developer needs

# The stamp holds what was installed for: a change of the requirements installs again, nothing else.
$(STAMP): pyproject.toml requirements-dev.lock
	python=$$(for name in python3.11 python3.12 python3.13 python3.14 python3 python; do \
	    if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null; \
	    then echo "$$name"; break; fi; done); \
	if [ -z "$$python" ]; then \
	    echo "make: no Python 3.11 or newer is on the PATH. Install one (Debian 12: apt-get install python3 python3-venv) and run make again." >&2; \
	    exit 4; \
	fi; \
	if ! "$$python" -c 'import ensurepip' 2> /dev/null; then \
	    if [ "$$(id -u)" != 0 ] || ! command -v apt-get > /dev/null; then \
	        echo "make: $$python has no module venv. Install it (Debian: sudo apt-get install python3-venv) and run make again." >&2; \
	        exit 4; \
	    fi; \
	    echo "Installing python3-venv, to make a virtual environment (about 20 s) ..."; \
	    apt-get -qq update; \
	    DEBIAN_FRONTEND=noninteractive apt-get -qq -y install python3-venv > /dev/null; \
	fi; \
	wanted=$$("$$python" -c "$$WANTED"); \
	if [ ! -x $(BIN)/python ] || [ "$$(cat $@ 2> /dev/null)" != "$$wanted" ]; then \
	    echo "Setting up .venv with the grader and its tools (about two minutes) ..."; \
	    "$$python" -m venv .venv; \
	    $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint requirements-dev.lock --editable '.[dev]'; \
	    echo "$$wanted" > $@; \
	fi; \
	touch $@

check: lint  ## format, lint, types, import contracts, fast tests: under a minute
	$(BIN)/pytest -q -n auto tests/unit

lint: $(STAMP)
	$(BIN)/ruff format --check --quiet . || { echo "make: the files above are not formatted; run: make fix" >&2; exit 1; }
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy --no-error-summary
	said=$$($(BIN)/lint-imports 2>&1) || { echo "$$said"; exit 1; }

fix: $(STAMP)  ## format, and mend what ruff can mend
	$(BIN)/ruff format --quiet .
	$(BIN)/ruff check --fix .

test: $(STAMP) image data browser postgresql  ## all tests: in Docker, in a browser, with PostgreSQL too
	$(BIN)/pytest -n auto --dist loadgroup

attacks: $(STAMP) image  ## all of tests/attacks: each hostile submission, in Docker, as a table
	$(BIN)/pytest -q -n auto -m attacks tests/attacks

mutations: $(STAMP) image  ## switch off each mitigation, and see that a case notices, as a table
	$(BIN)/pytest -q -n auto -m "mutations or not mutations" tests/mutations

fuzz: $(STAMP)  ## hostile peers and files against the host, for an hour or MINUTES=n
	$(BIN)/python tests/fuzz.py --minutes $(or $(MINUTES),60) --seed $(or $(SEED),1)

faults: $(STAMP) image postgresql faketime  ## all of tests/faults: each broken machine, as a table (as root, an hour)
	$(BIN)/pytest -q -m faults tests/faults

demo: $(STAMP)  ## grade the example submissions of `layers` in Docker
	$(GRADER) grade examples/layers --assignment layers --feedback out/feedback --json out/results.json \
	    || [ $$? = 1 ]  # 1: some of them need a person, as they should

demo-course: $(STAMP)  ## grade all assignments: the solution and the untouched notebook of each
	$(BIN)/python examples/course.py

release: $(STAMP)  ## write assignments/ from solutions/
	$(GRADER) release

release-check: $(STAMP)
	$(GRADER) release --check

verify: $(STAMP)  ## test the hidden tests: reference, stub, mistakes, alternatives
	$(GRADER) verify

image: $(STAMP)  ## the Docker engine and both images
	$(IMAGE) --runtime numpy
	$(IMAGE) --runtime keras

data: $(STAMP)  ## the pretrained weights of `transfer`
	$(GRADER) data > /dev/null

bench: $(STAMP)  ## the measurements of benchmarks/
	for file in benchmarks/*.py; do $(BIN)/python "$$file"; done

lock: $(STAMP)  ## resolve the images' packages anew, and note the versions in .venv
	$(BIN)/python docker/lock.py
	{ echo "# Made by \`make lock\` from .venv: the versions that the checks and tests passed with."; \
	    $(BIN)/pip freeze --exclude-editable; } > requirements-dev.lock

sbom: $(STAMP) image  ## what the images hold, as CycloneDX documents in out/sbom
	$(BIN)/python docker/sbom.py out/sbom

audit: $(STAMP)  ## known vulnerabilities of the images' packages; needs the Python package index
	$(BIN)/python docker/audit.py

browser: NEED = command -v chromium > /dev/null || command -v google-chrome > /dev/null
browser: TELLS = No chromium here: the tests that look at feedback pages are skipped.
browser: WHY = to look at the feedback pages
browser: PACKAGE = chromium
browser:
	$(DEBIAN_PACKAGE)

postgresql: NEED = command -v pg_ctl > /dev/null || ls /usr/lib/postgresql/*/bin/pg_ctl > /dev/null 2>&1
postgresql: TELLS = No PostgreSQL server here: the tests of a gradebook on one are skipped.
postgresql: WHY = to test the gradebook on a real server
postgresql: PACKAGE = postgresql
postgresql:
	$(DEBIAN_PACKAGE)

faketime: NEED = ls /usr/lib/*/faketime/libfaketime.so.1 > /dev/null 2>&1
faketime: TELLS = No libfaketime here: the faults of a machine's clock are skipped.
faketime: WHY = to step a clock that only the grader sees
faketime: PACKAGE = libfaketime
faketime:
	$(DEBIAN_PACKAGE)

.PHONY: help venv check lint fix test attacks mutations fuzz faults demo demo-course release release-check verify image data bench lock sbom audit browser postgresql faketime
