# Everything a developer types. `make` alone shows the list; the work is done in tools/.

.DEFAULT_GOAL := help
.PHONY: help run setup test check format messages screenshots e2e bench

help: ## show this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

run: ## set up what is missing, seed the demo and serve it (PORT=; HOST=0.0.0.0 for phones)
	@tools/setup run
	@exec .venv/bin/python manage.py demo $(if $(HOST),--host $(HOST)) $(if $(PORT),--port $(PORT))

setup: ## set up everything that developing and testing need, without running anything
	@tools/setup test

test: ## set up what is missing and run every test
	@tools/setup test
	@tools/test

check: ## everything that CI does
	@tools/setup test
	@tools/check

e2e: ## only the browser tests (ARGS="-k invite")
	@tools/setup test
	@tools/e2e $(ARGS)

format: ## put every file into house form
	@tools/setup test
	.venv/bin/ruff check --fix-only --quiet .
	.venv/bin/ruff format .
	node_modules/.bin/biome check --write frontend static/css tests/frontend

bench: ## measure us against references, some fifteen minutes (ARGS="P1 P4")
	@tools/setup bench
	@.venv/bin/python -m bench $(ARGS)

messages: ## collect the strings, print those without a German text
	@tools/setup test
	.venv/bin/python -m tools.messages update

screenshots: ## take the pictures in docs/screenshots/ and var/screenshots/
	@tools/setup test
	.venv/bin/python -m tools.screenshots $(ARGS)
