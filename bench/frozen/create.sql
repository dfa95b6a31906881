\set n random(200000000, 999999999)
\set d random(10000000000, 99999999999)
\set a random(1, 3000000000)
\set b random(3000000001, 6000000000)
\set c random(6000000001, 9000000000)
set local statement_timeout = 8000 \;
select u.id, u.equipe_id, s.id, u.role, e.fuso
from sessoes s
join usuarios u on u.id = s.usuario_id
join equipes e on e.id = u.equipe_id
where s.id = :equipe and u.id = :equipe and encerrada_em is null and expira_em > now() and u.ativo;
SELECT 1;
BEGIN;
set local lock_timeout = 10000 \; set local statement_timeout = 15000 \; set local idle_in_transaction_session_timeout = 60000 \; set local app.equipe_id = ':equipe';
SELECT etapas.tipo
FROM etapas
WHERE etapas.chave = 'novo' AND etapas.equipe_id = :equipe;
set local lock_timeout = 1000 \; select pg_advisory_xact_lock_shared(:equipe) \; select pg_advisory_xact_lock(k) from unnest(cast(ARRAY[:a,:b,:c] as bigint[])) k;
SELECT leads.id, leads.responsavel_id, leads.documento, leads.email, leads.telefone_chave, leads.id_externo
FROM leads
WHERE leads.equipe_id = :equipe AND leads.excluido_em IS NULL AND (leads.documento = ':d' OR leads.email = 'lead:n@exemplo.com.br' OR leads.telefone_chave = '+5511:n') AND leads.id != 0 ORDER BY leads.id
 LIMIT 100;
INSERT INTO leads (equipe_id, nome, email, telefone, telefone_chave, documento, empresa, cidade, uf, produto, valor, renda_mensal, origem, campanha, etiquetas, etapa, motivo_perda, responsavel_id, proximo_contato_em, ultimo_contato_em, fechado_em, atributos, id_externo, busca, versao, excluido_em) VALUES (:equipe, 'Lead :n', 'lead:n@exemplo.com.br', '+5511:n', '+5511:n', ':d', NULL, NULL, NULL, 'crédito pessoal', 54322.50, NULL, 'lista fria', NULL, '{}'::VARCHAR(40)[], 'novo', NULL, NULL, NULL, NULL, NULL, '{}'::JSONB, NULL, 'lead :n', 1, NULL) RETURNING leads.id, leads.criado_em, leads.atualizado_em \gset
INSERT INTO eventos (equipe_id, tipo, lead_id, usuario_id, alvo_id, importacao_id, campos, de_etapa, para_etapa) VALUES (:equipe, 'lead_criado', :id, :equipe, NULL, NULL, ARRAY['documento','email','nome','origem','produto','telefone','valor']::VARCHAR(64)[], NULL, 'novo') RETURNING eventos.id, eventos.criado_em, eventos.xid;
INSERT INTO lead_pontuacao (equipe_id, lead_id, score, faixa, probabilidade, versao, pontos) SELECT anon_1.equipe_id, anon_1.id, anon_1.score, CASE WHEN (anon_1.score >= 65) THEN 'quente' WHEN (anon_1.score >= 40) THEN 'morno' WHEN (anon_1.score >= 0) THEN 'frio' END AS anon_2, NULL AS anon_3, 0 AS anon_4, anon_1.pontos
FROM (SELECT anon_5.equipe_id AS equipe_id, anon_5.id AS id, least(100, greatest(0, 30 + anon_5.p0 + anon_5.p1 + anon_5.p2 + anon_5.p3 + anon_5.p4 + anon_5.p5 + anon_5.p6 + anon_5.p7 + anon_5.p8 + anon_5.p9 + anon_5.p10 + anon_5.p11 + anon_5.p12 + anon_5.p13 + anon_5.p14 + anon_5.p15)) AS score, CAST(ARRAY[anon_5.p0, anon_5.p1, anon_5.p2, anon_5.p3, anon_5.p4, anon_5.p5, anon_5.p6, anon_5.p7, anon_5.p8, anon_5.p9, anon_5.p10, anon_5.p11, anon_5.p12, anon_5.p13, anon_5.p14, anon_5.p15] AS SMALLINT[]) AS pontos
FROM (SELECT leads.equipe_id AS equipe_id, leads.id AS id, CASE WHEN (leads.telefone IS NOT NULL) THEN 8 ELSE 0 END AS p0, CASE WHEN (leads.email IS NOT NULL) THEN 4 ELSE 0 END AS p1, CASE WHEN (leads.documento IS NOT NULL) THEN 6 ELSE 0 END AS p2, CASE WHEN (leads.produto IS NOT NULL) THEN 4 ELSE 0 END AS p3, CASE WHEN (leads.renda_mensal >= 3000) THEN 5 ELSE 0 END AS p4, CASE WHEN (leads.renda_mensal >= 8000) THEN 5 ELSE 0 END AS p5, CASE WHEN (leads.renda_mensal >= 20000) THEN 5 ELSE 0 END AS p6, CASE WHEN (leads.valor >= 20000) THEN 4 ELSE 0 END AS p7, CASE WHEN (leads.valor >= 100000) THEN 4 ELSE 0 END AS p8, CASE WHEN (lower(leads.origem) = ANY (ARRAY['indicação', 'indicacao'])) THEN 20 ELSE 0 END AS p9, CASE WHEN (lower(leads.origem) = ANY (ARRAY['carteira', 'cliente'])) THEN 20 ELSE 0 END AS p10, CASE WHEN (lower(leads.origem) = ANY (ARRAY['site', 'formulário', 'formulario', 'whatsapp'])) THEN 12 ELSE 0 END AS p11, CASE WHEN (lower(leads.origem) = ANY (ARRAY['lista', 'lista fria', 'comprada'])) THEN  -10 ELSE 0 END AS p12, CASE WHEN (lower(leads.etapa) = ANY (ARRAY['contatado'])) THEN 5 ELSE 0 END AS p13, CASE WHEN (lower(leads.etapa) = ANY (ARRAY['qualificado'])) THEN 15 ELSE 0 END AS p14, CASE WHEN (lower(leads.etapa) = ANY (ARRAY['proposta'])) THEN 25 ELSE 0 END AS p15
FROM leads
WHERE leads.equipe_id = :equipe AND leads.id = :id
 LIMIT ALL OFFSET 0) AS anon_5
 LIMIT ALL OFFSET 0) AS anon_1 ON CONFLICT (equipe_id, lead_id) DO UPDATE SET score = excluded.score, faixa = excluded.faixa, probabilidade = excluded.probabilidade, versao = excluded.versao, pontos = excluded.pontos, calculado_em = now() WHERE row(lead_pontuacao.score, lead_pontuacao.faixa, lead_pontuacao.probabilidade, lead_pontuacao.versao, lead_pontuacao.pontos) IS DISTINCT FROM row(excluded.score, excluded.faixa, excluded.probabilidade, excluded.versao, excluded.pontos);
SELECT leads.id, leads.nome, leads.email, leads.telefone, leads.documento, leads.empresa, leads.cidade, leads.uf, leads.produto, CAST(leads.valor AS TEXT) AS valor, CAST(leads.renda_mensal AS TEXT) AS renda_mensal, leads.origem, leads.campanha, leads.etiquetas, leads.etapa, leads.motivo_perda, leads.responsavel_id, leads.proximo_contato_em, leads.ultimo_contato_em, leads.fechado_em, lead_pontuacao.score, lead_pontuacao.faixa, lead_pontuacao.probabilidade, CAST(leads.atributos AS TEXT) AS atributos, leads.id_externo, leads.versao, leads.criado_em, leads.atualizado_em, lead_pontuacao.calculado_em
FROM leads LEFT OUTER JOIN lead_pontuacao ON lead_pontuacao.equipe_id = leads.equipe_id AND lead_pontuacao.lead_id = leads.id
WHERE leads.equipe_id = :equipe AND leads.excluido_em IS NULL AND leads.id = :id;
COMMIT;
