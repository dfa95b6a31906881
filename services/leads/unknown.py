"""A value that is none of those that a tenant has: the error that offers these."""

from models.db.messages.queries import Query
from models.db.statements import fetch, fetch_here
from models.db.transactions import is_open
from services.errors import Code, FieldError, Invalid
from services.leads.stages import UNKNOWN_STAGE

NOT_A_MEMBER = FieldError(
    "responsavel_id",
    Code.USUARIO_INEXISTENTE,
    "Não há usuário ativo com este id na equipe.",
)
_STAGES = Query(
    "select chave from etapas where equipe_id = %(equipe_id)s and arquivada_em is null "
    "order by ordem, id",
    {},
)
_MEMBERS = Query(
    "select id from usuarios where equipe_id = %(equipe_id)s and ativo order by id limit 30", {}
)


def unknown_stage(equipe_id: int, said: str) -> Invalid:
    return _invalid(UNKNOWN_STAGE, said, _STAGES, equipe_id)


def unknown_member(equipe_id: int) -> Invalid:
    """No user is nearer to a wrong number than another."""
    return _invalid(NOT_A_MEMBER, "", _MEMBERS, equipe_id)


def _invalid(error: FieldError, said: str, options: Query, equipe_id: int) -> Invalid:
    """Asked inside the transaction, if there is one: a job may ask nowhere else."""
    values = {"equipe_id": equipe_id}
    rows = fetch_here(options, values) if is_open() else fetch(options, values, equipe_id=equipe_id)
    return Invalid(fields=[error.among(said, [option for (option,) in rows])])
