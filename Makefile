# The commands of README.md. Each sets up what is missing by itself.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
export PATH := $(CURDIR)/.venv/bin:$(PATH)
unexport PYTHONDONTWRITEBYTECODE  # would make every kernel compile every module again
.PHONY: help setup demo test lab check requirements clean

help:  ## List the commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 24

setup: .venv/ready  ## Make the environment, install Debian packages, build the datasets

.venv/ready: uv.lock pyproject.toml .ci/setup
	@.ci/setup

demo: setup  ## Build the release and grade the sample class: the whole course in one command
	@course release
	@python -m tests.sample_class demo
	@cd demo && course grade

test: setup  ## Everything CI checks: style, types, authoring rules, tests
	ruff check
	ruff format --check
	mypy
	course pair --check
	course release --check
	course lint
	pytest -n 2 --dist loadgroup

lab: setup  ## JupyterLab on a student's working copy (in student/)
	@course release --check
	@mkdir -p student && cp -rn release/. student/
	@cd student && JUPYTER_CONFIG_PATH="$(CURDIR)/.jupyter" jupyter lab

check: setup  ## Run every source notebook over five seeds and three sizes
	course check

requirements: setup  ## Write requirements.txt (for conda and pip) from uv.lock
	uv export --quiet --frozen --no-hashes --no-dev --no-emit-project --no-header --no-annotate -o requirements.txt

clean:  ## Remove what the commands made, except the environment and the datasets
	rm -rf demo student reports autograded/* feedback submitted gradebook.db .pytest_cache .ruff_cache .mypy_cache
