"""What "Try it out" in /docs sends: requests that succeed as they stand."""

from typing import Any

NEW_LEAD: dict[str, Any] = {
    "nome": "Lead Exemplo",
    "telefone": "(11) 98765-4321",
    "produto": "consórcio de imóvel",
    "valor": "250000.00",
    "origem": "indicação",
    "etiquetas": ["vip"],
    "atributos": {"profissao": "autônomo", "idade": 41},
}
NEXT_STEP: dict[str, Any] = {
    "etapa": "contatado",
    "proximo_contato_em": "2030-08-01T14:30:00Z",
}
SAME_LEAD: dict[str, Any] = {
    "id_externo": "crm-4711",
    "nome": "Lead Exemplo",
    "telefone": "(11) 98765-4321",
    "valor": "250000.00",
    "etapa": "contatado",
    "etiquetas": ["vip"],
}
# What can be done next with the lead of a reply: operations, with the parameter that is its id.
LINKS = {
    f"leads.{view}": "lead_id"
    for view in ("get_lead", "update_lead", "move_lead", "delete_lead", "explain_score")
}
