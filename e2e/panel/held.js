// Answers of the scores' part of the API, held here for what a fresh server cannot say yet.
const when = "2026-08-03T12:30:00Z";
const por = { id: 1, nome: "Gil Gestor" };

const RULES = [
  { campo: "telefone", operador: "preenchido", valor: null, pontos: 8, motivo: "Tem telefone para contato", grupo: null, meia_vida_dias: null },
  { campo: "renda_mensal", operador: "minimo", valor: "3000.00", pontos: 5, motivo: "Renda de R$ 3 mil ou mais", grupo: "renda", meia_vida_dias: null },
  { campo: "renda_mensal", operador: "minimo", valor: "8000.00", pontos: 5, motivo: "Renda de R$ 8 mil ou mais", grupo: "renda", meia_vida_dias: null },
  { campo: "origem", operador: "em", valor: ["indicação", "cliente"], pontos: 20, motivo: "Veio por indicação", grupo: null, meia_vida_dias: null },
  { campo: "etapa", operador: "em", valor: ["qualificado"], pontos: 15, motivo: "Foi qualificado", grupo: null, meia_vida_dias: null },
  { campo: "dias_sem_contato", operador: "acima", valor: 30, pontos: -10, motivo: "Sem contato há um mês", grupo: null, meia_vida_dias: null },
  { campo: "atributos.profissao", operador: "igual", valor: "dentista", pontos: 6, motivo: "Profissão com renda estável", grupo: null, meia_vida_dias: 60 },
];
const DEFINITION = { base: 30, grupos: [{ nome: "renda", minimo: null, maximo: 8 }], regras: RULES, faixas: { quente: 65, morno: 40, frio: 0 } };
const job = (tipo, estado, feitos) => ({ id: 7, tipo, estado, progresso: feitos === null ? null : { feitos, total: 4 }, resultado: null, erro: null });

const MODEL = {
  versao: 2, estado: "em_aprendizado", treinado_em: when, n: 412, ganhos: 61, janela: { de: "2025-01-10T10:00:00Z", ate: when },
  taxa_base: 0.148, motivo: null,
  auc: { valor: 0.741, de: 0.702, ate: 0.781 }, brier: { valor: 0.109, de: 0.098, ate: 0.121 },
  log_loss: { valor: 0.361, de: 0.334, ate: 0.389 }, ece: { valor: 0.024, de: 0.012, ate: 0.041 },
  calibracao: [
    { de: 0, ate: 0.05, n: 96, previsto: 0.031, observado: 0.021 }, { de: 0.05, ate: 0.1, n: 120, previsto: 0.074, observado: 0.083 },
    { de: 0.1, ate: 0.2, n: 101, previsto: 0.146, observado: 0.139 }, { de: 0.2, ate: 0.4, n: 63, previsto: 0.287, observado: 0.317 },
    { de: 0.4, ate: 1, n: 32, previsto: 0.522, observado: 0.469 },
  ],
  base: -1.75,
  campos: [
    { campo: "origem", faixas: [{ rotulo: "indicação", pontos: 0.92, n: 88, ganhos: 31 }, { rotulo: "lista", pontos: -0.71, n: 140, ganhos: 8 }, { rotulo: "outros", pontos: 0, n: 184, ganhos: 22 }] },
    { campo: "valor", faixas: [{ rotulo: "até R$ 20.000,00", pontos: 0.21, n: 200, ganhos: 35 }, { rotulo: "acima de R$ 20.000,00", pontos: -0.2, n: 212, ganhos: 26 }] },
  ],
  excluidos: [{ campo: "atributos.idade", motivo: "Idade só entra com a permissão de um gestor." }, { campo: "atributos.sexo", motivo: "Dado protegido: nunca entra." }],
  deriva: [{ campo: "origem", psi: 0.04, alerta: false }, { campo: "valor", psi: 0.31, alerta: true }],
  parametros: {},
};
const UNTRAINED = { versao: 0, estado: "sem_modelo", treinado_em: null, n: 0, ganhos: 0, janela: null, taxa_base: null, auc: null, brier: null, log_loss: null, ece: null, calibracao: [], base: null, campos: [], excluidos: [], deriva: [], parametros: null, motivo: "Nenhum treino foi feito ainda." };

const SCORE = {
  score: 63, faixa: "morno", probabilidade: 0.312, versao: 2, calculado_em: when,
  partes: [
    { campo: "base", motivo: "Ponto de partida de todo lead", pontos: 30 }, { campo: "telefone", motivo: "Tem telefone para contato", pontos: 8 },
    { campo: "renda_mensal", motivo: "Renda de R$ 3 mil ou mais", pontos: 5 }, { campo: "renda_mensal", motivo: "Renda de R$ 8 mil ou mais", pontos: 5 },
    { campo: "grupo:renda", motivo: "O grupo renda soma no máximo 8", pontos: -2 }, { campo: "origem", motivo: "Veio por indicação", pontos: 20 },
    { campo: "dias_sem_contato", motivo: "Sem contato há um mês", pontos: -10 }, { campo: "produto", motivo: "Produto de interesse conhecido", pontos: 7 },
  ],
  modelo: { versao: 2, base: -1.75, partes: [{ campo: "origem", motivo: "Origem: indicação", logit: 0.92 }, { campo: "valor", motivo: "Valor acima de R$ 20.000,00", logit: -0.2 }, { campo: "regras", motivo: "Pontos das regras", logit: 0.24 }] },
  sem_probabilidade: null,
  mudancas: [{ campo: "documento", motivo: "CPF ou CNPJ informado", pontos: 6 }, { campo: "email", motivo: "Tem e-mail para contato", pontos: 4 }],
  ajuste: { score: 80, motivo: "Cliente antigo do escritório, conheço a família.", ate: "2026-12-31T21:00:00Z", por, criado_em: when },
};

const done = (data) => ({ contentType: "application/json", body: JSON.stringify({ success: true, message: "ok", data }) });
const refused = (erros) => ({ status: 422, contentType: "application/json", body: JSON.stringify({ success: false, message: "Há campos inválidos.", data: { codigo: "VALIDACAO", erros, request_id: "prova" } }) });

const REVIEW = { id: 3, lead_id: 1, estado: "aberta", motivo: "Já pagou a dívida que constava.", contestado: { score: 41, faixa: "morno", probabilidade: null, versao: 0, modelo_versao: 0, pontos: [] }, criado_em: when, usuario_id: 2, chave_id: null, resposta: null, decidida_em: null, decidida_por: null };

// A gestor's rules as if the server had them.
export async function holdRules(page) {
  const state = { versao: 0, historico: [], rascunhos: [], draft: DEFINITION, looks: 0 };
  const published = () => ({
    ...DEFINITION, versao: state.versao, publicada_em: state.versao ? when : null, publicada_por: state.versao ? por : null,
    historico: state.historico, rascunhos: state.rascunhos,
    conjuntos: [{ nome: "credito", titulo: "Crédito", descricao: "Para quem vende crédito." }, { nome: "consorcio", titulo: "Consórcio", descricao: "Para quem vende consórcio." }],
  });
  const avisos = () => {
    const at = state.draft.regras.findIndex((rule) => rule.operador === "preenchido");
    const twice = state.draft.regras.filter((rule) => rule.operador === "preenchido" && rule.campo === state.draft.regras[at].campo);
    return twice.length > 1 ? [{ regras: [at], codigo: "DUPLICADA", mensagem: "Outra regra diz o mesmo." }] : [];
  };
  await page.route(/\/scores\/reviews(\?.*)?$/, (route) => route.fulfill(done({ itens: [REVIEW], proximo: null })));
  await page.route(/\/jobs\/7$/, (route) => { state.looks += 1; return route.fulfill(done(job("publicar", state.looks > 2 ? "concluida" : "em_andamento", state.looks))); });
  await page.route(/\/scores\/rules(\?.*)?$/, (route) => route.fulfill(done(published())));
  await page.route(/\/scores\/rules\/drafts$/, (route) => { state.rascunhos = [{ n: 1, criado_em: when, atualizado_em: when }]; return route.fulfill(done({ n: 1, ...state.draft, avisos: [] })); });
  await page.route(/\/scores\/rules\/drafts\/1$/, (route) => {
    if (route.request().method() === "PUT") {
      const body = route.request().postDataJSON();
      const wrong = body.regras.findIndex((rule) => Math.abs(rule.pontos) > 100);
      if (wrong >= 0) return route.fulfill(refused([{ campo: `regras.${wrong}.pontos`, codigo: "VALOR_INVALIDO", mensagem: "Vai de -100 a 100." }]));
      state.draft = body;
    }
    return route.fulfill(done({ n: 1, ...state.draft, avisos: avisos() }));
  });
  await page.route(/\/drafts\/1\/simulate$/, (route) => route.fulfill(done({ total: 4, sobem: 2, descem: 1, faixas: { quente: { quente: 1 }, morno: { quente: 1, morno: 1 }, frio: { frio: 1 } }, maiores: [{ lead_id: 1, de: 40, para: 60 }], fila: [], por_responsavel: [{ responsavel_id: 2, nome: "Vera Vendedora", sobem: 2, descem: 1 }] })));
  const publish = (route) => {
    state.versao += 1;
    state.looks = 0;
    state.rascunhos = [];
    state.historico.unshift({ versao: state.versao, publicada_em: when, publicada_por: por, origem_versao: null, regras: state.draft.regras.length });
    return route.fulfill({ status: 202, ...done(job("publicar", "na_fila", null)) });
  };
  await page.route(/\/drafts\/1\/publish$/, publish);
  await page.route(/\/scores\/rules\/rollback$/, publish);
}

export const holdModel = (page, trained = true) => page.route(/\/scores\/model$/, (route) => route.fulfill(done(trained ? MODEL : UNTRAINED)));
export const holdScore = (page) => page.route(/\/leads\/\d+\/score$/, (route) => route.fulfill(done(SCORE)));
