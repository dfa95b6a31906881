"""docs/endpoints.md: every operation on one page, in Portuguese."""

from collections.abc import Iterator

from generate import Document, tagged

_HEAD = """# Endpoints

Gerado por `make generate` a partir dos contratos em `controllers/`. O contrato inteiro está em
`/openapi.json`, a página interativa em `/docs`, o que cada papel alcança em `/docs/permissoes`.
"""


def endpoints(document: Document) -> str:
    return "\n".join([_HEAD, *_sections(document)])


def _sections(document: Document) -> Iterator[str]:
    for tag, operations in tagged(document):
        yield f"## {tag['x-displayName']}\n\n{tag['description']}\n"
        yield "| Método | Caminho | O quê | Quem | Chave de API |\n|---|---|---|---|---|"
        for method, path, operation in operations:
            who = operation["x-permissao"]
            key = "sim" if who["chave_de_api"] else "não"
            yield f"| {method} | `{path}` | {operation['summary']} | {who['quem']} | {key} |"
        yield ""
