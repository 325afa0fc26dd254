# What one does with Signoff. `make` alone lists it.

.DEFAULT_GOAL := help
.PHONY: help demo walkthrough test lint format types bench docs messages lock clean

BIN := .venv/bin
ARGS ?=
export PYTHON

help: ## List what there is
	@echo "Signoff: make WHAT, where WHAT is one of"
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo 'More words for a command: make demo ARGS="--port 8700"'

demo: ## Run a sample carrier and Signoff on this machine, to try it (Ctrl-C ends it)
	@tools/environment run
	@$(BIN)/signoff demo $(ARGS)

walkthrough: ## Close a line from the button to the network, by itself, and prove it
	@tools/environment run
	@$(BIN)/signoff walkthrough $(ARGS)

test: ## Everything that must hold: lint, types, contracts, tests on SQLite and on PostgreSQL
	@tools/environment dev
	@tools/test $(ARGS)

lint: ## Only ruff, the types and the import contracts
	@tools/environment dev
	@tools/lint

types: ## Only the types (mypy, strict)
	@tools/environment dev
	@tools/types

format: ## Put the code into ruff's form
	@tools/environment dev
	@$(BIN)/ruff check --fix --quiet && $(BIN)/ruff format --quiet

bench: ## Measure closings, recovery and the record; prints tables (several minutes)
	@tools/environment dev
	@for one in closings recovery settlement audit; do $(BIN)/python benchmarks/$$one.py $(ARGS) || exit 1; done

docs: ## Write the generated pages of docs/ anew
	@tools/environment dev
	@$(BIN)/signoff settings --markdown >docs/settings.md
	@sed -i '/^### Values$$/,$$d' docs/law.md && $(BIN)/signoff policy table >>docs/law.md
	@SIGNOFF_ROLES_PAGE=write $(BIN)/python -m pytest -q -p no:cacheprovider tests/docs/test_roles_page.py

messages: ## Collect the words for translators, compile them, say which are missing
	@tools/environment run
	@$(BIN)/python tools/catalogue.py

lock: ## Write requirements/*.txt anew (needs uv)
	@requirements/lock.sh

clean: ## Remove the environment and caches; keeps var/, where a demo keeps its data
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis dist
	@find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
