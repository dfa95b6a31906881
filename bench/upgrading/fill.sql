-- A database of version 0.1.0 that has been used: `leads` leads in 20 tenants with their events, and
-- whatever a column of that version may hold. Run by psql as superuser; scores are added by the
-- statement in ../frozen. Lead n is the k-th of its tenant.
begin;
set local timezone = 'UTC';

insert into equipes (id, nome, fuso, criado_em)
select e, 'Equipe ' || e, (array['America/Sao_Paulo', 'America/Manaus', 'UTC'])[e % 3 + 1], '2024-01-01'
from generate_series(1, 20) e;
-- 1 to 20 are gestores, 21 to 40 vendedores, 41 to 60 have left or never set a password.
insert into usuarios (id, equipe_id, nome, email, senha_hash, role, ativo, fundador, codigo_hash)
select u, (u - 1) % 20 + 1, 'Usuária ' || u, 'usuaria' || u || '@exemplo.com.br',
    case when u <= 40 then 'resumo' end, case when u <= 20 then 'gestor' else 'vendedor' end,
    u <= 40, u <= 20, case when u > 50 then '\x00ff'::bytea end
from generate_series(1, 60) u;
insert into etapas (equipe_id, chave, nome, tipo, ordem)
select e, chave, initcap(chave), tipo, ordem from generate_series(1, 20) e, unnest(
    array['novo', 'contatado', 'qualificado', 'proposta', 'ganho', 'perdido'],
    array['aberta', 'aberta', 'aberta', 'aberta', 'ganha', 'perdida']
) with ordinality as etapa (chave, tipo, ordem);
insert into sessoes (usuario_id, geracao, expira_em, encerrada_em, motivo)
select u, u, now() + interval '9 days', case when u % 2 = 0 then now() end, case when u % 2 = 0 then 'logout' end
from generate_series(1, 40) u;
insert into chaves (equipe_id, usuario_id, nome, role, resumo, revogada_em)
select e, e, 'Integração ' || e, 'gestor', sha256(e::text::bytea), case when e % 4 = 0 then now() end
from generate_series(1, 20) e;
insert into importacoes (equipe_id, usuario_id, estado, linhas, criados, erros, linhas_puladas, colunas, concluida_em)
select e, e, 'concluida', 3, 2, '[{"linha": 3, "campo": "documento", "codigo": "DOCUMENTO_INVALIDO"}]',
    '[]', '[{"coluna": "Valor", "campo": "valor"}]', now() from generate_series(1, 20) e;
insert into limites values ('login:a', 3, now());

create temporary table plano on commit drop as
select n, (n - 1) % 20 + 1 as equipe, (n - 1) / 20 as k,
    timestamptz '2024-01-01 03:00:00.000001+00' + n * interval '61.000007 seconds' as vindo,
    (array['novo', 'novo', 'novo', 'novo', 'contatado', 'qualificado', 'proposta', 'ganho', 'perdido', 'novo'])[(n - 1) / 20 % 10 + 1] as etapa,
    (n - 1) / 20 % 25 = 3 as excluido, (n - 1) / 20 % 7 = 1 as vazio
from generate_series(1, :leads) n;

insert into leads (equipe_id, id, nome, email, telefone, telefone_chave, documento, empresa, cidade, uf,
    produto, valor, renda_mensal, origem, campanha, etiquetas, etapa, motivo_perda, responsavel_id,
    proximo_contato_em, ultimo_contato_em, fechado_em, atributos, id_externo, busca, versao,
    criado_em, atualizado_em, excluido_em)
select equipe, n, 'Léad Nº ' || n,
    case when not vazio and k % 9 <> 2 then 'lead' || k || '@exemplo.com.br' end,
    -- Some share a phone; the keys of a deleted lead may be those of a live one.
    case when not vazio then '+55119' || lpad((k / 50 * 50 + least(k % 50, 47))::text, 8, '0') end,
    case when not vazio then '+55119' || lpad((k / 50 * 50 + least(k % 50, 47))::text, 8, '0') end,
    case when not vazio and k % 3 > 0 then lpad(k::text, case when k % 6 = 1 then 14 else 11 end, '0') end,
    case when k % 4 = 0 and not vazio then 'Padaria São João ' || k end,
    case when not vazio then (array['São Paulo', 'sao paulo', 'Mogi das Cruzes '])[k % 3 + 1] end,
    (array['SP', 'RJ', 'sp', 'Sp', 'XX', '', 'MG', null])[k % 8 + 1],
    (array['Consórcio', 'consorcio', 'CONSÓRCIO ', 'Seguro  Auto', 'seguro auto', null])[k % 6 + 1],
    case k % 11 when 0 then null when 1 then 0 when 2 then 0.01 when 3 then 999999999999.99 when 4 then 0.10
        when 5 then 1234567.89 when 6 then 19999.99 when 7 then 20000 when 8 then 99999.99
        else k % 150000 + 0.37 end,
    case k % 13 when 0 then 0.01 when 1 then 2999.99 when 2 then 3000 when 3 then 999999999999.99
        when 4 then 8000.10 when 5 then 90071992547.41 else null end,
    (array['Indicação', 'INDICAÇÃO', 'indicacao', ' Indicação ', U&'Indicac\0327a\0303o', U&'Indica\200Bção',
        'site', 'Site', 'lista  fria', 'Lista Fria', 'carteira', '', null])[k % 13 + 1],
    case when k % 5 = 0 then 'Campanha "de verão"; 1' end,
    case k % 4 when 0 then '{}' when 1 then '{vip}' else array['VIP', 'Ação, 2ª', 'a"b'] end, etapa,
    case when etapa = 'perdido' then (array['preço', 'Preço', 'sem   interesse'])[k % 3 + 1] end,
    case k % 3 when 0 then null when 1 then equipe + 20 else equipe end,
    case when k % 4 = 0 then vindo + interval '400 days' end, case when k % 4 = 1 then vindo + interval '2 days' end,
    case when etapa in ('ganho', 'perdido') then vindo + interval '30 days' end,
    case k % 5 when 0 then '{"grande": 12345678901234567890.123, "nulo": null, "n": 1.0}'::jsonb
        when 1 then '{"Observação": "linha\ncom \"aspas\"", "lista": [1, true, "x"]}' else '{}' end,
    case when k % 5 = 0 then 'ext-' || n end, 'lead no ' || n,
    1 + k % 4, vindo, vindo + k % 4 * interval '1 day', case when excluido then vindo + interval '40 days' end
from plano order by n;

-- The history: made in `novo` or, by an import, where the file said; then stage after stage.
insert into eventos (equipe_id, tipo, lead_id, usuario_id, importacao_id, campos, de_etapa, para_etapa, criado_em)
select equipe, tipo, n, equipe, importacao, campos, de_etapa, para_etapa, em from plano, lateral (
    select 1 as ordem, 'lead_criado' as tipo, case when k % 8 = 5 then equipe::bigint end as importacao,
        case when k % 8 = 5 then '{}' else array['nome', 'valor'] end as campos, null as de_etapa,
        case when k % 8 = 5 then etapa else 'novo' end as para_etapa,
        -- An import may say since when a lead is known.
        case when k % 8 = 5 then vindo + interval '90 days' else vindo end as em
    union all
    select 1 + passo, 'lead_movido', null, '{etapa}', caminho[passo], caminho[passo + 1], vindo + passo * interval '5 days'
    from (select case etapa when 'contatado' then array['novo', 'contatado']
        when 'qualificado' then array['novo', 'contatado', 'perdido', 'qualificado']
        when 'proposta' then array['novo', 'contatado', 'qualificado', 'proposta']
        when 'ganho' then array['novo', 'proposta', 'ganho']
        when 'perdido' then array['novo', 'perdido'] else array['novo'] end as caminho) c,
        lateral generate_series(1, cardinality(caminho) - 1) passo
    where k % 8 <> 5
    union all
    select 8, 'lead_alterado', case when k % 2 = 0 then equipe::bigint end, '{cidade,valor}', null, null, vindo + interval '35 days'
    where k % 6 = 0
    union all
    select 9, 'lead_excluido', null, '{}', null, null, vindo + interval '40 days' where excluido or k % 30 = 9
    union all
    select 10, 'lead_restaurado', null, '{}', null, null, vindo + interval '41 days' where k % 30 = 9 and not excluido
) h order by n, ordem;
insert into eventos (equipe_id, tipo, usuario_id, alvo_id, criado_em)
select e, tipo, e, e + 20, now() - interval '100 days' from generate_series(1, 20) e,
    unnest(array['login', 'login_recusado', 'usuario_criado', 'equipe_alterada', 'chave_criada']) tipo;
insert into idempotencia (equipe_id, usuario_id, chave, impressao, status, corpo, local, etag, lead_id)
select equipe, equipe, 'chave-' || n, sha256(n::text::bytea), 201, convert_to('{"success":true}', 'UTF8'),
    '/leads/' || n, '"1"', n from plano where k < 50;

select setval(pg_get_serial_sequence(nome, 'id'), greatest(:leads, 60))
from unnest(array['equipes', 'usuarios', 'leads']) nome \g /dev/null
commit;
