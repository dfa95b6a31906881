// Figures as no small equipe has them: amounts of many digits, long names, months ahead. The people are
// made up.
const PLACE = { gerado_em: "2026-08-01T14:30:00Z", fuso: "America/Sao_Paulo" };
const LARGE = "999999999.99";
const MOVED = { novos: 1_234_567, ganhos: 98_765, perdidos: 87_654, valor_ganho: LARGE };
const COMPARED = { ...MOVED, anterior: { novos: 1_000_000, ganhos: 98_765, perdidos: 80_000, valor_ganho: "1.00" } };
const TIME = { n: 40, mediana: 1_900_000, p90: 8_640_000 };
const NAMES = ["Maria Aparecida Inventada de Albuquerque Cavalcanti", "Otávio Fictício", "Benedita Modelo"];
const days = Array.from({ length: 30 }, (_, at) => ({
  dia: new Date(Date.UTC(2026, 6, 3 + at)).toISOString().slice(0, 10), novos: (at * 7) % 23, ganhos: at % 5, perdidos: at % 3, valor_ganho: "1500.00",
}));

const metrics = (abertos) => ({
  ...PLACE, total: 2_000_000, abertos, ganhos: 98_765, perdidos: 87_654, conversao: 0.53, valor_aberto: LARGE, valor_ganho: LARGE,
  valor_ponderado: "999999999999.99", promessas_vencidas: 12_345, tempo_ate_ganho: TIME, primeira_resposta: { n: 0, mediana: null, p90: null },
  por_etapa: [], por_responsavel: [], por_produto: [{ produto: "consórcio" }], por_faixa: [], ranking: [],
  por_origem: [{ origem: "indicação" }, { origem: null }], por_origem_outros: null, por_produto_outros: null,
  hoje: COMPARED, dias_7: COMPARED, dias_30: COMPARED, periodo: { ...COMPARED, de: "2026-07-03", ate: "2026-08-01" }, serie: days,
});

const views = {
  funnel: {
    ...PLACE, coorte: { de: "2026-07-03", ate: "2026-08-01" },
    etapas: ["Novo", "Contatado", "Proposta enviada e à espera de documentos", "Ganho"].map((nome, at) => ({
      etapa: `etapa_${at}`, nome, tipo: at === 3 ? "ganha" : "aberta", entraram: 1000 - at * 230, ganhos: 310, perdidos: at * 40, conversao: 0.31,
    })),
  },
  forecast: {
    ...PLACE,
    itens: ["2026-08", "2026-09", "2026-10", null].map((mes, at) => ({ mes, quantidade: 30 - at * 5, esperado: `${900_000 - at * 150_000}.00`, desvio: "180000.00" })),
  },
  sellers: {
    ...PLACE, periodo: { de: "2026-07-03", ate: "2026-08-01" },
    itens: NAMES.map((nome, at) => ({ responsavel_id: at + 1, nome, posicao: at + 1, ativo: at < 2, ...MOVED, valor_ganho: at ? "1500.00" : LARGE, conversao: 0.4, abertos: 12, valor_aberto: LARGE, tempo_ate_ganho: TIME })),
  },
  sources: {
    ...PLACE, periodo: { de: "2026-07-03", ate: "2026-08-01" }, outros: { grupos: 12, ...MOVED, novos: 4, conversao: null, abertos: 1, valor_aberto: "0.00" },
    itens: Array.from({ length: 12 }, (_, at) => ({ origem: at ? `origem número ${at}` : null, ...MOVED, novos: 90 - at * 3, conversao: 0.2, abertos: 3, valor_aberto: "100.00" })),
  },
};

const goals = {
  ...PLACE, mes: "2026-08", dias_uteis: 21, dias_uteis_restantes: 9,
  metas: [
    { responsavel_id: null, nome: null, produto: null, valor: LARGE, ganhos: 20, realizado: { valor: "180000000.00", ganhos: 7 }, ritmo: { valor: LARGE, ganhos: 15.4 } },
    { responsavel_id: 1, nome: NAMES[0], produto: "consórcio", valor: null, ganhos: 3, realizado: { valor: "0.00", ganhos: 5 }, ritmo: null },
  ],
};

// `asked` counts what came; the figures change when `held.abertos` does.
export async function holdNumbers(page) {
  const held = { abertos: 1_234_567, asked: 0, unchanged: 0, broken: false };
  const reply = (data) => ({ contentType: "application/json", body: JSON.stringify({ success: true, message: "", data }) });
  await page.route(/\/metrics(\?|$)/, async (route) => {
    held.asked += 1;
    if (held.broken) return route.fulfill({ status: 503, ...reply({}) });
    const etag = `"${held.abertos}"`;
    if ((await route.request().headerValue("if-none-match")) === etag) {
      held.unchanged += 1;
      return route.fulfill({ status: 304, headers: { ETag: etag } });
    }
    return route.fulfill({ ...reply(metrics(held.abertos)), headers: { ETag: etag } });
  });
  await page.route(/\/metrics\/(\w+)/, (route) => route.fulfill(reply(views[/\/metrics\/(\w+)/.exec(route.request().url())[1]])));
  await page.route(/\/goals\//, (route) => route.fulfill(reply(goals)));
  return held;
}
