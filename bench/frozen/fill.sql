-- One tenant as an import leaves it: `leads` leads, each with its event and its score. Run by psql
-- as superuser. The tenant, its only user and that user's session have one number, `equipe`.
begin;
insert into equipes (id, nome) values (:equipe, 'Equipe ' || :equipe);
insert into usuarios (id, equipe_id, nome, email, role)
values (:equipe, :equipe, 'Gestora', 'gestora' || :equipe || '@exemplo.com.br', 'gestor');
insert into sessoes (id, usuario_id, expira_em) values (:equipe, :equipe, now() + interval '30 days');
insert into etapas (equipe_id, chave, nome, tipo, ordem)
select :equipe, chave, initcap(chave), tipo, ordem from unnest(
    array['novo', 'contatado', 'qualificado', 'proposta', 'ganho', 'perdido'],
    array['aberta', 'aberta', 'aberta', 'aberta', 'ganha', 'perdida']
) with ordinality as etapa (chave, tipo, ordem);

insert into leads (equipe_id, nome, email, telefone, telefone_chave, documento, produto, origem, valor, busca)
select :equipe, 'Lead ' || n, 'lead' || n || '@exemplo.com.br',
    '+55119' || lpad(n::text, 8, '0'), '+55119' || lpad(n::text, 8, '0'), lpad(n::text, 11, '0'),
    (array['consórcio', 'seguro auto', 'crédito pessoal', 'previdência'])[n % 4 + 1],
    (array['site', 'indicação', 'lista fria', 'whatsapp', 'carteira'])[n % 5 + 1],
    n % 150000 + 0.5, 'lead ' || n
from generate_series(1, :leads) n order by n;

insert into eventos (equipe_id, tipo, lead_id, usuario_id, importacao_id, para_etapa)
select equipe_id, 'lead_criado', id, :equipe, 1, etapa from leads where equipe_id = :equipe order by id;

insert into lead_pontuacao (equipe_id, lead_id, score, faixa, versao, pontos)
select equipe_id, id, score, case when score >= 65 then 'quente' else 'morno' end, 0,
    array[8, 4, 6, 4, 0, 0, 0, grande, maior, indicado, cliente, procurou, frio, 0, 0, 0]
from leads,
    lateral (select case when valor >= 20000 then 4 else 0 end as grande,
        case when valor >= 100000 then 4 else 0 end as maior,
        case origem when 'indicação' then 20 else 0 end as indicado,
        case origem when 'carteira' then 20 else 0 end as cliente,
        case when origem in ('site', 'whatsapp') then 12 else 0 end as procurou,
        case origem when 'lista fria' then -10 else 0 end as frio) pontos,
    lateral (select 52 + grande + maior + indicado + cliente + procurou + frio as score) soma
where equipe_id = :equipe order by id;
commit;
