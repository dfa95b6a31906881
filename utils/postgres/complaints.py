"""Why PostgreSQL could not be reached, as one sentence for the person at the terminal.

libpq gives no code for a connection that failed, only a text. A text that is not recognised here,
for example in another language, is quoted.
"""

import re

from sqlalchemy import URL

_CHECK = "confira {variable}"
_REASONS = (
    (r"could not translate host name", f"o host não foi encontrado; {_CHECK}"),
    (
        r"Connection refused|No such file or directory|[Nn]o route|unreachable",
        f"nenhum servidor atende nesse endereço; inicie o PostgreSQL ou {_CHECK}",
    ),
    (r"timeout expired|timed out", f"o servidor não respondeu a tempo; {_CHECK}"),
    (
        r'role ".*" does not exist',
        "o usuário {user} não existe; crie-o com createuser --pwprompt {user}",
    ),
    (
        r'database ".*" does not exist',
        "o banco não existe; crie-o com createdb --owner={user} {database}",
    ),
    (r"authentication failed|no password supplied", f"usuário ou senha não conferem; {_CHECK}"),
    (
        r"permission denied",
        "o usuário {user} não pode ler as tabelas; use em DATABASE_URL o dono do banco, ou o dono "
        "em MIGRATION_DATABASE_URL e execute flask db upgrade",
    ),
    (r"no pg_hba\.conf entry", "o pg_hba.conf do servidor não deixa entrar quem vem daqui"),
    (
        r"starting up|shutting down|recovery",
        "o servidor está iniciando ou parando; tente de novo em instantes",
    ),
    (
        r"too many (clients|connections)|remaining connection slots",
        "o servidor não tem conexões livres; tente de novo em instantes",
    ),
)

BUSY = "O banco de dados está ocupado: tente de novo em instantes."


def not_the_owner(url: URL, variable: str = "DATABASE_URL") -> str:
    """The sentence for a role that may not change the schema."""
    return (
        f"O usuário {url.username} não pode criar ou mudar tabelas no banco {url.database}: "
        f"use em {variable} o dono do banco."
    )


def why_unreachable(error: BaseException, url: URL, variable: str = "DATABASE_URL") -> str:
    """The sentence; it names the server and whose address it is, never the password."""
    reason = _reason(str(error)).format(user=url.username, database=url.database, variable=variable)
    return f"O banco de dados {_place(url)} está indisponível: {reason}."


def _place(url: URL) -> str:
    host = url.host or url.query.get("host") or "localhost"
    return f"{url.database} em {host}:{url.port or url.query.get('port') or 5432}"


def _reason(said: str) -> str:
    """Before the names are filled in."""
    for pattern, reason in _REASONS:
        if re.search(pattern, said):
            return reason
    first = re.sub(r"^connection to server .*? failed: ", "", said.strip()).partition("\n")[0]
    quoted = first.replace("{", "{{").replace("}", "}}")
    return f"a resposta foi '{quoted}'; {_CHECK}"
