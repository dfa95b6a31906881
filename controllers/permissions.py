"""Who may do what: the one table. The guards enforce it, /docs/permissoes shows it.

A route that is not in it cannot be declared. The role is checked first (403), then visibility: a
row that the caller may not see is answered like a missing one (404).
"""

from dataclasses import dataclass
from enum import Enum


class Access(Enum):
    """PUBLIC ignores tokens. OPTIONAL also admits callers without a token, but no broken token."""

    PUBLIC = "qualquer pessoa"
    OPTIONAL = "qualquer pessoa; com token, só gestor"
    ANY_ROLE = "gestor e vendedor"
    GESTOR = "gestor"


class Sees(Enum):
    """Whose rows a route can reach."""

    NOTHING = "nenhum dado de equipe"
    SELF = "a própria conta"
    TEAM = "a própria equipe"
    LEADS = "gestor: leads da equipe; vendedor: os seus"
    JOBS = "gestor: trabalhos da equipe; vendedor: os que pediu"


@dataclass(frozen=True, slots=True)
class Permission:
    """`machines`: whether an API key may call it; accounts, sessions, leases and what is decided of
    scores are for people.
    `holds`: whether what it calls holds the caller's role itself, among other people that it holds.
    """

    access: Access
    sees: Sees
    machines: bool = True
    holds: bool = False

    @property
    def held(self) -> bool:
        """Whether the gestor's role is checked again before a write commits. Changes to people,
        keys and the team lock the managers instead, before anything else."""
        return self.access is Access.GESTOR and self.sees is Sees.LEADS and not self.holds


_PUBLIC = Permission(Access.PUBLIC, Sees.NOTHING, machines=False)
_ACCOUNT = Permission(Access.ANY_ROLE, Sees.SELF, machines=False)
_MANAGE = Permission(Access.GESTOR, Sees.TEAM)
_LEADS = Permission(Access.ANY_ROLE, Sees.LEADS)
_ALL_LEADS = Permission(Access.GESTOR, Sees.LEADS)
# A score that is contested is looked at by a person, not by another program.
_DECIDE = Permission(Access.GESTOR, Sees.LEADS, machines=False)
# A lease is a person's.
_QUEUE = Permission(Access.ANY_ROLE, Sees.LEADS, machines=False)
_JOBS = Permission(Access.ANY_ROLE, Sees.JOBS)

PERMISSIONS = {
    # A key that could add or reset users could log in as one of them.
    "POST /auth/register": Permission(Access.OPTIONAL, Sees.TEAM, machines=False),
    "POST /auth/login": _PUBLIC,
    "POST /auth/refresh": _PUBLIC,
    "POST /auth/activate": _PUBLIC,
    "POST /auth/logout": _ACCOUNT,
    "GET /auth/me": Permission(Access.ANY_ROLE, Sees.SELF),
    "PATCH /auth/me": _ACCOUNT,
    "GET /auth/sessions": _ACCOUNT,
    "DELETE /auth/sessions/{sessao_id}": _ACCOUNT,
    "GET /auth/keys": Permission(Access.GESTOR, Sees.TEAM, machines=False),
    "POST /auth/keys": Permission(Access.GESTOR, Sees.TEAM, machines=False),
    "DELETE /auth/keys/{chave_id}": Permission(Access.GESTOR, Sees.TEAM, machines=False),
    "GET /users": _MANAGE,
    "GET /users/{usuario_id}": _MANAGE,
    # A vendedor may call it only on their own account, as the founder of a tenant without an
    # active gestor.
    "PATCH /users/{usuario_id}": Permission(Access.ANY_ROLE, Sees.TEAM, machines=False),
    "POST /users/{usuario_id}/reset": Permission(Access.GESTOR, Sees.TEAM, machines=False),
    "GET /equipe": Permission(Access.ANY_ROLE, Sees.TEAM),
    "PATCH /equipe": _MANAGE,
    "GET /stages": _LEADS,
    "PUT /stages": _MANAGE,
    "GET /leads": _LEADS,
    "POST /leads": _LEADS,
    "PUT /leads": _LEADS,
    "POST /leads/bulk": _ALL_LEADS,
    "POST /leads/search": _LEADS,
    "GET /leads/{lead_id}": _LEADS,
    "PATCH /leads/{lead_id}": _LEADS,
    "POST /leads/{lead_id}/move": _LEADS,
    "DELETE /leads/{lead_id}": _ALL_LEADS,
    "POST /leads/{lead_id}/restore": _ALL_LEADS,
    "GET /leads/{lead_id}/score": _LEADS,
    "POST /leads/{lead_id}/score/review": _LEADS,
    "PUT /leads/{lead_id}/score/override": _DECIDE,
    "DELETE /leads/{lead_id}/score/override": _DECIDE,
    "GET /scores/reviews": _LEADS,
    "PATCH /scores/reviews/{revisao_id}": _DECIDE,
    "GET /scores/rules": Permission(Access.ANY_ROLE, Sees.TEAM),
    "POST /scores/rules/drafts": _MANAGE,
    "GET /scores/rules/drafts/{n}": _MANAGE,
    "PUT /scores/rules/drafts/{n}": _MANAGE,
    "DELETE /scores/rules/drafts/{n}": _MANAGE,
    "POST /scores/rules/drafts/{n}/simulate": _MANAGE,
    "POST /scores/rules/drafts/{n}/publish": _MANAGE,
    "POST /scores/rules/rollback": _MANAGE,
    # Of the equipe's leads together: nothing of a single one is shown.
    "GET /scores/model": Permission(Access.ANY_ROLE, Sees.TEAM),
    "POST /scores/model/train": _ALL_LEADS,
    "GET /leads/{lead_id}/activities": _LEADS,
    "POST /leads/{lead_id}/activities": _LEADS,
    # Of the leads that the caller sees, those that they wrote; a gestor, all.
    "PATCH /activities/{atividade_id}": _LEADS,
    "DELETE /activities/{atividade_id}": _LEADS,
    "GET /tasks": _LEADS,
    "POST /leads/{lead_id}/release": _QUEUE,
    "GET /queue": _LEADS,
    "POST /queue/next": _QUEUE,
    "POST /queue/skip": _QUEUE,
    "GET /leads/{lead_id}/timeline": _LEADS,
    "POST /leads/{lead_id}/assign": Permission(Access.GESTOR, Sees.LEADS, holds=True),
    "GET /events": _MANAGE,
    "POST /leads/import": _ALL_LEADS,
    "POST /leads/import/preview": _ALL_LEADS,
    "GET /imports": _MANAGE,
    "GET /imports/{importacao_id}": _MANAGE,
    "POST /imports/{importacao_id}/cancel": _ALL_LEADS,
    "GET /imports/{importacao_id}/errors": _ALL_LEADS,
    "GET /leads/export": _ALL_LEADS,
    "POST /imports/{importacao_id}/undo": _ALL_LEADS,
    "GET /jobs": _JOBS,
    "GET /jobs/{trabalho_id}": _JOBS,
    "POST /jobs/{trabalho_id}/cancel": _JOBS,
    "GET /metrics": _LEADS,
    "GET /metrics/funnel": _LEADS,
    "GET /metrics/cohorts": _LEADS,
    "GET /metrics/forecast": _LEADS,
    "GET /metrics/sellers": _LEADS,
    "GET /metrics/sources": _LEADS,
    "GET /metrics/series": _LEADS,
    "GET /metrics/time-in-stage": _LEADS,
    # Of the equipe's wins together, and of a vendedor's own: nobody is shown another's.
    "GET /goals/{mes}": Permission(Access.ANY_ROLE, Sees.TEAM),
    "PUT /goals/{mes}": _MANAGE,
    "GET /healthz": _PUBLIC,
    "GET /readyz": _PUBLIC,
}
