# Two commands matter: `make run` and `make test`. Each sets up what it needs.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.PHONY: help run test check bench soak pictures words fmt pin

PORT ?= 8000
ARGS ?=
BIN := .venv/bin

help: ## show this list
	@grep -E '^[a-z]+:.*## ' $(firstword $(MAKEFILE_LIST)) | sed -E 's/:.*## /\t/' | expand -t 8

run: ## set up everything, start the desk on sample data: make run [PORT=8000]
	@bash tools/setup.sh
	@exec $(BIN)/python manage.py run_desk --port "$(PORT)"

test: ## set up everything, run every suite: make test [ARGS="--strict --only sqlite -- -k ladder"]
	@bash tools/setup.sh --dev
	@exec $(BIN)/python -m tools.suites $(ARGS)

check: ## linters, formats, types, layers, templates, migrations, production settings
	@bash tools/setup.sh --dev
	@bash tools/check.sh

bench: ## what README quotes, one JSON line per figure: make bench [ONLY=pages]
	@bash tools/setup.sh --dev
	@exec $(BIN)/python -m benchmarks $(addprefix --only ,$(ONLY))

soak: ## the long runs that make test leaves out
	@bash tools/setup.sh --dev
	@$(BIN)/python -m pytest tests -m soak --ignore=tests/browser -q $(ARGS)
	@$(BIN)/python -m pytest tests/browser -m soak -q

pictures: ## the pictures of README anew, from the demo: make pictures [ONLY="today ending"]
	@bash tools/setup.sh --dev
	@$(BIN)/python -m tools.pictures $(ONLY)

words: ## bring the Croatian of the interface up to date; names what is not translated
	@bash tools/setup.sh --dev
	@$(BIN)/python -m tools.translations

fmt: ## put Python into the project's format
	@bash tools/setup.sh --dev
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

pin: ## write requirements*.txt anew from requirements*.in (ARGS=--upgrade for newer versions)
	@bash tools/setup.sh --dev
	@for name in requirements requirements-dev; do \
	  $(BIN)/uv pip compile -q --python-version 3.11 --generate-hashes --no-header \
	    --no-emit-index-url --no-emit-find-links $(ARGS) -o $$name.txt $$name.in >/dev/null || exit 1; \
	done
