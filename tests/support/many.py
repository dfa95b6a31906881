"""Many leads at once, for tests of what PostgreSQL does with them: made by SQL, with everything
that follows from a lead as the product would derive it."""

from sqlalchemy import Engine

from tests.support.api import Team
from tests.support.leads import rows, run

# By the lead's number `n`; the words of the names are frequent in different degrees.
_LEADS = """
insert into leads (equipe_id, nome, email, telefone, telefone_chave, uf, valor_centavos, etapa,
  etapa_desde, responsavel_id, proximo_contato_em, busca, criado_em, atualizado_em, excluido_em)
select :e, nome, 'lead' || n || '@exemplo.com.br', '+55119' || lpad(n::text, 8, '0'),
  '+55119' || lpad(n::text, 8, '0'), (array['SP', 'RJ', 'MG'])[n % 3 + 1],
  case when n % 3 > 0 then n * 7919 % 1000 end,
  (array['novo', 'contatado', 'qualificado', 'proposta'])[n % 4 + 1], now(),
  case n % 5 when 0 then null when 1 then :v when 2 then :c else :g end,
  case when n % 4 > 0 then timestamptz '2031-01-01' + n * 7919 % 1000 * interval '1 hour' end,
  nome, timestamptz '2026-01-01' + n / 3 * interval '1 minute',
  timestamptz '2026-01-01' + n * 7919 % 997 * interval '1 minute',
  case when n % 50 = 49 then now() end
from generate_series(1, :count) n, lateral (select 'lead ' || n
  || case when n % 5 = 0 then ' comum' else '' end
  || case when n % 400 = 7 then ' raro' else '' end
  || case when n <= :count / 4 then ' antigo' else '' end as nome) texto
"""
_FOLLOWING = (
    "insert into lead_busca (equipe_id, lead_id, busca) select equipe_id, id, busca from leads "
    "where equipe_id = :e",
    "insert into lead_pontuacao (equipe_id, lead_id, score, faixa, versao, pontos, responsavel_id, "
    "etapa) select equipe_id, id, id * 37 % 101, 'morno', 0, '{}', responsavel_id, etapa "
    "from leads where equipe_id = :e and excluido_em is null",
    "insert into lead_contatos (equipe_id, lead_id, ordem, tipo, valor, chave, final) "
    "select equipe_id, id, 0, 'telefone', telefone, telefone_chave, reverse(telefone_chave) "
    "from leads where equipe_id = :e union all "
    "select equipe_id, id, 1, 'email', email, email, null from leads where equipe_id = :e",
)


def fill(sql: Engine, team: Team, count: int) -> list[int]:
    """Give an equipe so many leads; their ids."""
    people = {"g": team.gestor.id, "v": team.vendedor.id, "c": team.colleague.id}
    run(sql, _LEADS, e=team.equipe_id, count=count, **people)
    for statement in _FOLLOWING:
        run(sql, statement, e=team.equipe_id)
    found = rows(sql, "select id from leads where equipe_id = :e order by id", e=team.equipe_id)
    return [lead_id for (lead_id,) in found]


def analyze(sql: Engine) -> None:
    run(sql, "analyze leads, lead_pontuacao, lead_contatos, lead_busca")
