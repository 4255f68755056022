# The face of the workbench. `make` alone prints what there is; `make report` and `make test` do everything.
.DEFAULT_GOAL := help
SHELL := /bin/bash

STUDY ?= haskovo-demo
NAME ?=
OUTPUT ?=
LANGUAGES ?=
PYTHON ?= python3

RUN := .venv/bin/python
CLUSTER ?=
ONLY ?=
OPTIONS := --study $(STUDY) $(if $(LANGUAGES),--languages "$(LANGUAGES)")
PYTEST := $(RUN) -m pytest

# Bytecode is kept (every process would compile every module again); sums do not depend on the number of threads.
export PYTHONDONTWRITEBYTECODE =
export UV_PYTHON_DOWNLOADS = never
export OMP_NUM_THREADS = 1
export OPENBLAS_NUM_THREADS = 1
export MKL_NUM_THREADS = 1

.PHONY: help report reports new templates verify compare archive key check-data why lab demo docs test test-slow test-browser simulate validation bench lint fix lock clean environment

help: ## Тази помощ · this help
	@echo "make <цел> [STUDY=haskovo-demo] [LANGUAGES=bg,en]"
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  \1\t/' | awk -F'\t' '{printf "%-16s %s\n", $$1, $$2}'

environment:
	@$(PYTHON) scripts/prepare_environment.py

report: environment ## Докладът: HTML, PDF, DOCX · the report, from raw files to HTML, PDF and DOCX
	@$(RUN) -m analysis report $(OPTIONS) $(if $(CLUSTER),--cluster "$(CLUSTER)")

reports: environment ## Докладите на всички изследвания, чиито файлове са тук · the reports of all studies whose files are here
	@$(RUN) -m analysis reports $(if $(LANGUAGES),--languages "$(LANGUAGES)")

new: environment ## Ново изследване по файловете в data/raw/NAME: NAME=… · a new study from the files in data/raw/NAME
	@$(RUN) -m analysis new "$(NAME)"

templates: environment ## Празни таблици на Excel за регистрите: [OUTPUT=папка] · empty Excel tables for the registers
	@$(RUN) -m analysis templates $(if $(OUTPUT),--output "$(OUTPUT)")

key: environment ## Прави тайния ключ на изследване с истински данни · makes the secret key of a study with real data
	@$(RUN) -m analysis key --study $(STUDY)

check-data: environment ## Само проверка на файловете, без оценки · read and clean only; writes the findings workbook
	@$(RUN) -m analysis check-data --study $(STUDY)

why: environment ## Какво би се преизчислило и защо · what would run again, and why
	@$(RUN) -m analysis why $(OPTIONS)

lab: environment ## JupyterLab с тетрадките · JupyterLab on the notebooks
	@$(RUN) -m analysis lab --study $(STUDY)

verify: environment ## Изчислява наново и сверява с описа · recomputes and holds against the manifest
	@$(RUN) -m analysis verify $(STUDY)

compare: environment ## Сравнява две изпълнения: A=… B=… · compares two runs
	@$(RUN) -m analysis compare $(A) $(B)

archive: environment ## Пакет за възпроизвеждане · replication package
	@$(RUN) -m analysis archive $(STUDY)

demo: environment ## Прави наново демонстрационните данни · makes the demonstration data anew
	@$(RUN) -m analysis demo --study $(STUDY)

docs: environment ## Записва наново речника на данните · writes the data dictionary anew
	@$(RUN) -m analysis dictionary

test: environment ## Всички тестове без бавните · all tests but the slow ones
	@$(PYTEST) -n 2 --dist loadfile --no-loadscope-reorder --durations=10 -m "not slow and not browser"

test-slow: environment ## Бавните тестове: много извадки · the slow tests: many seeds, many files
	@$(PYTEST) -n 2 --dist loadfile -m slow

test-browser: report ## Докладът в браузър (слага Chromium от Debian) · the report in headless Chromium (installs Debian's)
	@$(RUN) scripts/prepare_browser.py
	@EVALUATION_REPORTS=$(CURDIR)/reports/$(STUDY) $(PYTEST) -m browser tests/browser

simulate: environment ## Дългите симулации: покритие, грешки, мощност: [ONLY=име] · coverage, size and power, 2,000 times a cell
	@$(RUN) benchmarks/simulate_effects.py $(if $(ONLY),"$(ONLY)")

validation: environment ## Публикувани числа до нашите: docs/validation.md · printed numbers beside ours
	@$(RUN) scripts/validation_page.py

bench: environment ## Секундите на всяка стъпка и на всяка оценка · the seconds of every stage, cold, and of every estimator
	@$(RUN) -m analysis clean --study $(STUDY)
	@$(RUN) -m analysis report $(OPTIONS)
	@$(RUN) benchmarks/bench_effects.py

lint: environment ## Проверка на кода · checks the code
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check .
	@$(RUN) -m mypy

fix: environment ## Поправя вида на кода · repairs what the linter can
	@$(RUN) -m ruff check --fix .
	@$(RUN) -m ruff format .

lock: environment ## Заключва версиите наново · locks the versions anew
	@$(RUN) scripts/lock.py

clean: environment ## Изтрива изчисленото (не и входните файлове) · removes what was computed (never the raw files)
	@$(RUN) -m analysis clean --study $(STUDY)
