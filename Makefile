# The commands of README.md. Each sets up what is missing by itself.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
export PATH := $(CURDIR)/.venv/bin:$(PATH)
unexport PYTHONDONTWRITEBYTECODE  # would make every kernel compile every module again
STUDENT ?= student
COURSE ?= .
PORT ?= 8080
# Settings that `lab` and `formgrader` share; student/ in it is for students alone. nbgrader finds its own in the course folder.
JUPYTER := $(CURDIR)/.jupyter
# In a container root may be the only user.
AS_ROOT := $(if $(filter 0,$(shell id -u)),--allow-root)
.PHONY: help setup demo test attacks variants audit lab airflow containers formgrader bench check requirements clean

help:  ## List the commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 24

setup: .venv/ready  ## Make the environment, install Debian packages, build the datasets

.venv/ready: uv.lock pyproject.toml .ci/setup
	@.ci/setup

demo: setup  ## Build the release and grade the sample class: the whole course in one command
	@course release
	@python -m tests.sample_class demo --grade

# Two test processes share two cores: more threads would only wait for each other.
test: export OMP_NUM_THREADS := 1
test: setup  ## Check everything that CI checks: style, types, authoring rules, tests
	ruff check
	ruff format --check
	mypy
	course pair --check
	course release --check
	course lint
	pytest -n 2 --dist loadgroup

attacks: setup  ## Run the bank of attacks on the grader, on every week (twenty minutes each)
	pytest -m "" tests/attacks

variants: setup  ## Grade every right and wrong answer of the bank (minutes a week)
	pytest -m "" tests/course/test_variants_graded.py

audit: setup  ## Measure how often the tests are wrong about an answer; writes docs/ACCURACY.md (an hour)
	course audit --seeds 3 --report docs/ACCURACY.md

lab: setup  ## Start JupyterLab on a student's working copy (in student/)
	@mkdir -p "$(STUDENT)" && tar -c -C release . | tar -x -C "$(STUDENT)" --skip-old-files
	@cd "$(STUDENT)" && JUPYTER_CONFIG_PATH="$(JUPYTER)/student:$(JUPYTER):$(CURDIR)" jupyter lab $(AS_ROOT)

airflow: setup  ## Start Airflow's scheduler and web interface on the student's DAGs of week 4 (PORT=8080)
	@python -m helpers.airflow.serve --dags "$(STUDENT)/week4/dags" --work "$(STUDENT)/work" --port "$(PORT)"

containers: setup  ## Build week 5's image, run it and send it requests (the author's, or IMAGE=student/work/week5/image)
	@python -m $(if $(IMAGE),helpers.containers "$(IMAGE)",tests.reference_image)

formgrader: setup  ## Start nbgrader's formgrader, for marks by hand (COURSE=demo shows the sample class)
	@cd "$(COURSE)" && JUPYTER_CONFIG_PATH="$(JUPYTER)" jupyter lab --LabApp.default_url=/formgrader $(AS_ROOT)

bench: setup  ## Time grading against stock nbgrader and otter-grader (hours; BENCH="--students 4 --rounds 1")
	@python -m bench $(BENCH)

check: setup  ## Run every source notebook over five seeds and three sizes
	course check

requirements: setup  ## Write requirements.txt (for conda and pip) from uv.lock
	uv export --quiet --frozen --no-hashes --no-dev --no-emit-project --no-header --no-annotate -o requirements.txt

clean:  ## Remove the sample class, reports and caches; submissions and marks stay
	rm -rf demo reports .pytest_cache .ruff_cache .mypy_cache
