PYTHON ?= python3
N ?= 1000
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
SOURCES := cms home ideas news practices reports search taxonomy tests scripts benchmarks

.DEFAULT_GOAL := help
.PHONY: help run setup test suites coverage lint types check audit fix messages compile-messages migrate demo load shell \
	snapshots lock bench bench-pages screenshots clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Install what is missing, load the demonstration content and serve the site (PORT=8000)
	@$(PYTHON) scripts/run.py

setup: ## Create .venv with everything that development needs
	@$(PYTHON) scripts/environment.py dev

test: lint types check audit suites ## All checks and all tests that this machine can run

suites: setup ## The tests alone, on SQLite, PostgreSQL and in the browser where present
	@$(BIN)/python scripts/suites.py

coverage: setup ## How much of the code the tests on SQLite run through, without the browser; at least 95 %
	$(BIN)/python -m pytest -n 2 --dist loadgroup -q -m "not postgres and not browser" --cov --cov-report=term

lint: setup ## Style, formatting and the import contract
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports

types: setup ## Types (mypy, strict)
	$(BIN)/mypy $(SOURCES)

check: setup ## Migrations and Django's own checks, with the settings of development and of production
	$(MANAGE) makemigrations --check --dry-run
	$(MANAGE) check --fail-level WARNING
	SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(50))') ALLOWED_HOSTS=example.org \
		PUBLIC_URL=https://example.org DJANGO_SETTINGS_MODULE=cms.settings.production \
		$(MANAGE) check --deploy --fail-level WARNING

audit: setup ## Known vulnerabilities of the locked runtime requirements
	@$(BIN)/python scripts/audit.py

fix: setup ## Format the code and repair what can be repaired by itself
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

messages: setup ## Bring the message catalogues up to date with the code (needs gettext)
	$(BIN)/python scripts/catalogues.py extract

compile-messages: setup ## Compile the message catalogues
	@$(BIN)/python scripts/catalogues.py

migrate: setup ## Bring the database up to date
	$(MANAGE) migrate

demo: migrate ## Load the demonstration content
	$(MANAGE) load_vocabularies
	$(MANAGE) install_roles
	$(MANAGE) install_workflow
	$(MANAGE) demo

load: migrate ## Generate content for measuring: N=10000 items in three languages
	$(MANAGE) load_vocabularies
	$(MANAGE) load $(N)

shell: setup ## A Python shell with the models
	$(MANAGE) shell

snapshots: setup ## Write the snapshots that the contract tests compare with
	SNAPSHOTS=write $(BIN)/python -m pytest tests/contracts/test_api_snapshots.py tests/contracts/test_query_baselines.py \
		tests/contracts/test_api_baselines.py tests/contracts/test_openapi.py -k "not whatever" -q -p no:randomly

lock: setup ## Resolve the dependencies of pyproject.toml anew and lock them with hashes
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --upgrade --generate-hashes \
		--no-emit-index-url --no-header --quiet --output-file requirements/base.txt
	$(BIN)/uv pip compile pyproject.toml --group dev --constraint requirements/base.txt --universal \
		--python-version 3.11 --upgrade --generate-hashes --no-emit-index-url --no-header --quiet \
		--output-file requirements/dev.txt

bench: setup ## Measure the API beside Wagtail's own on N items, over HTTP, on SQLite and PostgreSQL made for it
	$(BIN)/python benchmarks/api_databases.py $(N)

bench-pages: setup ## Measure the public pages of the present database
	$(BIN)/python benchmarks/pages.py

screenshots: setup ## Take the pictures of the documentation from a running site (PORT=8000)
	$(BIN)/python scripts/screenshots.py

clean: ## Remove what can be made again; database, media and .venv stay
	rm -rf .coverage* .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache htmlcov static-collected
	find . -path ./.venv -prune -o -name __pycache__ -type d -exec rm -rf {} +
	find locale -name '*.mo' -delete
