set local statement_timeout = 8000 \;
select u.id, u.equipe_id, s.id, u.role, e.fuso
from sessoes s
join usuarios u on u.id = s.usuario_id
join equipes e on e.id = u.equipe_id
where s.id = :equipe and u.id = :equipe and encerrada_em is null and expira_em > now() and u.ativo;
set local statement_timeout = 8000 \; set local app.equipe_id = ':equipe' \; SELECT leads.id, leads.nome, leads.email, leads.telefone, leads.documento, leads.empresa, leads.cidade, leads.uf, leads.produto, CAST(leads.valor AS TEXT) AS valor, CAST(leads.renda_mensal AS TEXT) AS renda_mensal, leads.origem, leads.campanha, leads.etiquetas, leads.etapa, leads.motivo_perda, leads.responsavel_id, leads.proximo_contato_em, leads.ultimo_contato_em, leads.fechado_em, lead_pontuacao.score, lead_pontuacao.faixa, lead_pontuacao.probabilidade, CAST(leads.atributos AS TEXT) AS atributos, leads.id_externo, leads.versao, leads.criado_em, leads.atualizado_em
FROM leads LEFT OUTER JOIN lead_pontuacao ON lead_pontuacao.equipe_id = leads.equipe_id AND lead_pontuacao.lead_id = leads.id
WHERE leads.equipe_id = :equipe AND leads.excluido_em IS NULL ORDER BY leads.criado_em DESC, leads.id DESC
 LIMIT 21;
