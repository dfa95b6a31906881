// A file with everything that can be told of one, an import half done, a report. The people are made up.
const when = "2026-08-03T12:30:00Z";
const column = (coluna, campo, confianca, motivo, amostra, contradicoes = []) => ({ coluna, campo, confianca, motivo, amostra, contradicoes });

const PREVIEW = {
  previa: 7, expira_em: when, codificacao: "windows-1252", delimitador: ";", planilha: "Leads de agosto", outras_planilhas: ["Leads de julho", "Uma planilha de nome comprido"], linhas: 120_000, contadas: 50_000,
  criariam: 48_000, atualizariam: 1200, iguais: 0, pulariam: 500, rejeitariam: 300,
  colunas: [
    column("Nome completo", "nome", 0.98, "O nome da coluna e os valores dizem isso.", ["M**** E******", "O***** F*******"]),
    column("Celular", "telefone", 0.7, "Os valores parecem telefones.", ["(11) 9****-4321"], [{ linha: 4, valor: "12", mensagem: "Telefone inválido: faltam algarismos." }, { linha: 9, valor: "a combinar", mensagem: "Telefone inválido." }]),
    column("Fase", "etapa", 0.8, "O nome da coluna diz isso.", ["Em negociação", "Ganhou"], [{ linha: 7, valor: "Congelado", mensagem: "Etapa inexistente." }]),
    column("uma_coluna_de_nome_muito_comprido_que_um_sistema_de_fora_escreveu_sem_espaço_nenhum", "atributos.uma_coluna_de_nome_muito_comprido_que_um_sistema_de_fora_escreveu_sem_espaço_nenhum", 0, "Nenhum campo tem este nome nem estes valores: fica como atributo.", []),
  ],
  mapeamento: { colunas: {}, valores: { etapa: { "Em negociação": "proposta", Ganhou: "ganho" } }, padroes: {} },
};

const run = (estado, feitos) => ({
  id: 9, estado, linhas: feitos, criados: 6, atualizados: 1, iguais: 1, pulados: 1, rejeitados: 2, codificacao: "xlsx", delimitador: null, planilha: "Leads de agosto", outras_planilhas: ["Leads de julho"],
  progresso: { feitos, total: 120_000 }, linhas_por_segundo: 12_000, restante_s: 4, trabalho_id: 3, usuario_id: 1, erro: null, criado_em: when,
  concluida_em: estado === "em_andamento" ? null : when,
  erros: [{ linha: 3, campo: "telefone", codigo: "TELEFONE_INVALIDO", mensagem: "Telefone inválido: o DDD 00 não existe." }, { linha: 5, campo: "documento", codigo: "DOCUMENTO_INVALIDO", mensagem: "CPF ou CNPJ inválido." }],
  linhas_puladas: [{ linha: 8, campo: "telefone", codigo: "LEAD_DUPLICADO", mensagem: "Outro lead tem este telefone." }],
  avisados: 1,
  avisos: [{ linha: 9, campo: "motivo_perda", codigo: "VALOR_INVALIDO", mensagem: "Só um lead perdido tem motivo de perda." }],
  colunas: [],
  desfeito: estado === "desfeita" ? { excluidos: 5, restaurados: 1, mantidos: [{ lead_id: 12, motivo: "alterado" }], mantidos_total: 101 } : null,
});

function now({ over, undone }) {
  if (undone) return run("desfeita", 120_000);
  return over ? run("concluida", 120_000) : run("em_andamento", 48_000);
}

// `held.asked` is what the run was asked with; it ends once `held.over` is true.
export async function holdImports(page) {
  const held = { asked: null, over: false, undone: false };
  const reply = (data, status = 200) => ({ status, contentType: "application/json", body: JSON.stringify({ success: true, message: "", data }) });
  await page.route(/\/leads\/import\/preview/, (route) => route.fulfill(reply(PREVIEW, 201)));
  await page.route(/\/leads\/import\?/, (route) => {
    held.asked = { query: new URL(route.request().url()).searchParams, body: route.request().postDataJSON() };
    return route.fulfill(reply(run("na_fila", 0), 202));
  });
  await page.route(/\/imports\?/, (route) => route.fulfill(reply({ itens: [run("concluida", 11), run("desfeita", 5)], proximo: null })));
  await page.route(/\/imports\/9$/, (route) => route.fulfill(reply(now(held))));
  await page.route(/\/imports\/9\/undo$/, (route) => {
    held.undone = true;
    return route.fulfill(reply({ id: 9, estado: "desfeita", trabalho_id: null }));
  });
  return held;
}
