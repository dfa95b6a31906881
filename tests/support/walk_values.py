"""What a walk writes: from small pools, so that leads have much in common, in many spellings."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.support.leads import cpf_of

REASONS = ["preço", "PRECO", "sem orçamento", "outro"]
EMPTIED = "email telefone documento empresa uf produto valor origem contatos id_externo".split()
KEYS = ("documento", "email", "telefone", "id_externo")
HISTORY = ("criado_em", "ultimo_contato_em", "fechado_em")
_PHONES = [f"(11) 9{70_000_000 + n}" for n in range(12)] + [f"11 7{n:07d}" for n in range(4)]
_DOCUMENTS = [cpf_of(f"{400_000_000 + n}") for n in range(12)]
_SOURCES = ["Indicação", "INDICACAO", "indicaçao", "Site", "formulário", "lista fria", "outra"]
_PRODUCTS = ["Seguro", "SEGURO", "Consórcio", "consorcio", "Crédito"]
_STATES = ["SP", "sp", "São Paulo", "RJ", "Rio de Janeiro", "AC"]
_MONEY = ["1000.00", "8000.00", "20000.00", "100000.00", "0.01"]
_NAMES = ["José Silva", "ANA", "Água Viva", "Zoë", "Łukasz Souza", "D'Ávila", "Joana d’Ouro"]
_STAGE_NAMES = ["Entrada", "Visita", "Análise", "Crédito", "Fechou", "Desistiu", "Em Negociação"]
_KINDS = ["aberta", "ganha", "perdida"]

_RESULTS = [
    *["atendeu", "nao_atendeu", "nao_atendeu", "numero_errado"],
    *["sem_interesse", "agendou", "nao_contatar", "outro"],
]

Pick = Callable[[], Any]


def lead(dice: random.Random, mark: str, stage: Pick, owner: Pick) -> dict[str, Any]:
    """A body of POST /leads with some of the fields."""
    etapa = stage()
    fields: dict[str, Any] = {
        "email": _email(dice, mark),
        "telefone": dice.choice(_PHONES),
        "documento": dice.choice(_DOCUMENTS),
        "empresa": dice.choice(["Padaria São José", "Açougue", "Copo d`Água", None]),
        "uf": dice.choice(_STATES),
        "produto": dice.choice(_PRODUCTS),
        "valor": dice.choice(_MONEY),
        "renda_mensal": dice.choice(_MONEY),
        "origem": dice.choice(_SOURCES),
        "etiquetas": dice.sample(["vip", "retorno", "x"], k=dice.randint(0, 2)),
        "responsavel_id": owner(),
        "id_externo": f"crm-{dice.randint(1, 30)}",
        "contatos": [_contact(dice, mark) for _ in range(dice.choice([0, 1, 2, 3, 10]))],
        "etapa": etapa,
    }
    chosen = {name: value for name, value in fields.items() if dice.random() < 0.35}
    if "etapa" in chosen and dice.random() < 0.3:
        chosen["motivo_perda"] = dice.choice(REASONS)
    return {"nome": f"{mark} {dice.choice(_NAMES)}", **chosen}


def activity(dice: random.Random, stage: Pick) -> dict[str, Any]:
    """A body of POST /leads/{id}/activities."""
    due = datetime.now(UTC) + timedelta(days=dice.choice([-2, 1, 2, 30]))
    then = datetime.now(UTC) - timedelta(minutes=dice.choice([1, 90, 10_000]))
    fields: dict[str, Any] = {
        "resultado": dice.choice(_RESULTS),
        "texto": "Falou-se de tudo.",
        "prevista_para": due.isoformat(),
        "concluida_em": then.isoformat(),
        "etapa": stage(),
        "motivo_perda": dice.choice(REASONS),
        "contato": dice.choice(_PHONES),
    }
    often = {"resultado": 0.6, "prevista_para": 0.4, "contato": 0.05, "motivo_perda": 0.1}
    chosen = {name: said for name, said in fields.items() if dice.random() < often.get(name, 0.2)}
    return {"tipo": dice.choice(["ligacao", "whatsapp", "email", "nota", "tarefa"]), **chosen}


def csv(dice: random.Random, mark: str, stage: Pick, owner: Pick, date: Pick) -> str:
    """A file of a few lines, in which some cells are empty."""
    columns: dict[str, Pick] = {
        "nome": lambda: f"{mark} {dice.choice(_NAMES)}",
        "email": lambda: _email(dice, mark),
        "telefone": lambda: dice.choice(_PHONES),
        "documento": lambda: dice.choice(_DOCUMENTS),
        "empresa": lambda: dice.choice(["Padaria São José", "Açougue"]),
        "uf": lambda: dice.choice(_STATES),
        "produto": lambda: dice.choice(_PRODUCTS),
        "valor": lambda: dice.choice(_MONEY),
        "origem": lambda: dice.choice(_SOURCES),
        "etapa": stage,
        "motivo_perda": lambda: dice.choice(REASONS),
        "fechado_em": date,
        "criado_em": date,
        "responsavel_id": owner,
        "id_externo": lambda: f"crm-{dice.randint(1, 30)}",
    }
    names = ["nome", *dice.sample(sorted(set(columns) - {"nome"}), k=dice.randint(2, 8))]
    lines = [
        ",".join(str(columns[name]()) if dice.random() < 0.8 else "" for name in names)
        for _ in range(dice.randint(1, 6))
    ]
    return "\n".join([",".join(names), *lines]) + "\n"


BULKS = ["assign", "move", "move", "move", "tag", "untag", "delete", "restore", "set"]


def bulk(acao: str, dice: random.Random, stage: Pick, owner: Pick, date: Pick) -> dict[str, Any]:
    """A body of POST /leads/bulk without the leads that it is about."""
    body: dict[str, Any] = {"acao": acao}
    if acao == "assign":
        body["responsavel_id"] = dice.choice([owner(), None])
    elif acao == "move":
        body["etapa"] = stage()
        body |= {"motivo_perda": dice.choice(REASONS)} if dice.random() < 0.3 else {}
        body |= {"fechado_em": date()} if dice.random() < 0.2 else {}
    elif acao in ("tag", "untag"):
        most = 2 if acao == "tag" else 4
        body["etiquetas"] = dice.sample(["vip", "retorno", "x", "y"], k=dice.randint(1, most))
    elif acao == "set":
        names = ["uf", "produto", "origem", "valor"]
        body["campos"] = {name: None for name in dice.sample(names, k=1)} | {
            "uf": dice.choice(_STATES),
            "origem": dice.choice(_SOURCES),
            "atributos": {"lote": dice.randint(1, 3)},
        }
    elif acao == "restore":
        body["permitir_duplicado"] = dice.random() < 0.3
    return body | ({"dry_run": True} if dice.random() < 0.1 else {})


def filters(dice: random.Random) -> dict[str, Any]:
    """Some filters of a bulk."""
    return dice.choice(
        [
            {"uf": [dice.choice(_STATES)], "produto": [dice.choice(_PRODUCTS)]},
            {"etiqueta": ["vip"], "responsavel_id": "nenhum"},
            {"email": _email(dice, "alfaum")},
            {"telefone": dice.choice(_PHONES)},
            {"q": "silva", "origem": [dice.choice(_SOURCES)]},
        ]
    )


def funnel(dice: random.Random, there: dict[str, Any]) -> dict[str, Any]:
    """A body of PUT /stages that changes a thing or two."""
    items = [{name: stage[name] for name in ("chave", "nome", "tipo")} for stage in there["itens"]]
    body: dict[str, Any] = {"itens": items}
    what = dice.choice(["rename", "shuffle", "leave", "leave", "make", "bring", "reasons"])
    if what == "rename":
        dice.choice(items)["nome"] = f"{dice.choice(_STAGE_NAMES)} {dice.randint(1, 9)}"
    elif what == "shuffle":
        dice.shuffle(items)
    elif what == "leave":
        gone = items.pop(dice.randrange(len(items)))
        others = [item["chave"] for item in items if item["tipo"] == gone["tipo"]]
        if others and dice.random() < 0.8:
            body["mover"] = {gone["chave"]: dice.choice(others)}
    elif what == "make" and len(items) < 10:
        name = f"{dice.choice(_STAGE_NAMES)} {dice.randint(10, 99)}"
        items.insert(dice.randint(0, len(items)), {"nome": name, "tipo": dice.choice(_KINDS)})
    elif what == "bring" and there["arquivadas"]:
        back = dice.choice(there["arquivadas"])
        items.append({name: back[name] for name in ("chave", "nome", "tipo")})
    elif what == "reasons":
        body["motivos_perda"] = dice.choice([None, ["Preço", "Sem orçamento"]])
    return body


def _email(dice: random.Random, mark: str) -> str:
    return f"{mark}{dice.randint(1, 12)}@exemplo.com.br"


def _contact(dice: random.Random, mark: str) -> dict[str, str]:
    tipo = dice.choice(["telefone", "email", "whatsapp_id"])
    valor = {
        "telefone": dice.choice(_PHONES),
        "email": _email(dice, mark),
        "whatsapp_id": f"BR.{mark}{dice.randint(1, 40)}",
    }[tipo]
    return {"tipo": tipo, "valor": valor}
