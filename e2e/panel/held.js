// Answers that a fresh server cannot give: a model card with everything in it, a lead with all reasons, a
// job half done.
const when = "2026-08-03T12:30:00Z";
const por = { id: 1, nome: "Gil Gestor" };

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
  excluidos: [{ campo: "atributos.idade", motivo: "Idade só entra com a permissão de um gestor.", permitivel: true }, { campo: "atributos.sexo", motivo: "Dado protegido: nunca entra.", permitivel: false }],
  deriva: [{ campo: "origem", psi: 0.04, alerta: null }, { campo: "valor", psi: 0.31, alerta: "alarme" }],
  ultimos: { n: 300, ganhos: 61, esperados: 44.2, razao: 1.38, alerta: "alarme", motivo: null },
  grupos: [
    { campo: "uf", grupo: "SP", n: 300, ganhos: 45, auc: 0.738, diferenca: -0.004, motivo: null }, { campo: "uf", grupo: "RR", n: 12, ganhos: 1, auc: null, diferenca: null, motivo: "Menos de 50 leads fechados." },
    { campo: "atributos.idade", grupo: "de 25 até menos de 35", n: 180, ganhos: 20, auc: 0.702, diferenca: 0.021, motivo: null },
  ],
  parametros: {}, posteriores: 12,
};
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

export const holdModel = (page) => page.route(/\/scores\/model$/, (route) => route.fulfill(done(MODEL)));
export const holdScore = (page) => page.route(/\/leads\/\d+\/score$/, (route) => route.fulfill(done(SCORE)));

// A simulation of so many leads that it is a job: what it found comes by the job.
export async function holdSimulation(page) {
  let found = null;
  const job = (estado, resultado) => ({ id: 900, tipo: "simular", estado, progresso: { feitos: 20_000, total: 60_000 }, resultado, erro: null });
  await page.route(/\/simulate$/, async (route) => {
    found = (await (await route.fetch()).json()).data;
    return route.fulfill({ status: 202, ...done(job("em_andamento", null)) });
  });
  await page.route(/\/jobs\/900$/, (route) => route.fulfill(done(job("concluida", found))));
}

// A job that does not end before it was looked at.
export const holdJob = (page) => page.route(/\/jobs\/\d+$/, async (route) => {
  const { data } = await (await route.fetch()).json();
  return route.fulfill(done({ ...data, estado: "em_andamento", progresso: { feitos: 1, total: 4 } }));
});

// The same among all jobs: the newest one, which may have ended by now, has not.
export const holdJobs = (page) => page.route(/\/jobs\?/, async (route) => {
  const url = route.request().url().replace(/\?.*/, "?limite=1");
  const { data } = await (await route.fetch({ url })).json();
  const itens = data.itens.map((job) => ({ ...job, estado: "em_andamento", progresso: { feitos: 1, total: 4 } }));
  return route.fulfill(done({ ...data, itens }));
});
