// Large figures, each with what it is called and, where there was a time before, how that compares.
import { h } from "../../core/dom.js";
import { figure, percent, plural } from "../../core/format.js";
import { duration, NONE, wholeMoney } from "./amounts.js";

export const PERIODS = [
  { value: "hoje", name: "Hoje", before: "ontem" },
  { value: "dias_7", name: "7 dias", before: "7 dias antes" },
  { value: "dias_30", name: "30 dias", before: "30 dias antes" },
];
const UNWANTED = "perdidos"; // of which more is no good news
const TIMES = 10; // beyond that many nobody counts in per cent
const OWN = { value: "periodo", name: "Período", before: "no período de antes" };
/** @type {[string, string, (amount: any) => string][]} */
const FLOWS = [
  ["novos", "Leads novos", figure],
  ["ganhos", "Ganhos", figure],
  ["perdidos", "Perdidos", figure],
  ["valor_ganho", "Valor ganho", wholeMoney],
];
/** @type {[string, (metrics: any) => string, ((metrics: any) => string)?][]} */
const STOCKS = [
  ["Abertos", ({ abertos }) => figure(abertos)],
  ["Valor em aberto", ({ valor_aberto: value }) => wholeMoney(value)],
  ["Valor ponderado", ({ valor_ponderado: value }) => wholeMoney(value), () => "valor × chance de fechar"],
  ["Conversão", ({ conversao: share }) => (share === null ? NONE : percent(share)), ({ ganhos, perdidos }) => `${plural(ganhos, "ganho", "ganhos")}, ${plural(perdidos, "perdido", "perdidos")} até hoje`],
  ["Retornos atrasados", ({ promessas_vencidas: late }) => figure(late)],
  ["Tempo até ganhar", ({ tempo_ate_ganho: time }) => duration(time.mediana), ({ tempo_ate_ganho: time }) => spread(time)],
  ["Primeira resposta", ({ primeira_resposta: time }) => duration(time.mediana), ({ primeira_resposta: time }) => spread(time)],
];

const spread = ({ n, p90 }) => (n ? `mediana; 9 em 10 até ${duration(p90)}` : "ainda ninguém");

export const periodsOf = (filters) => (filters.de || filters.ate ? [OWN, ...PERIODS] : PERIODS);

// What happened in a period.
export function flows() {
  const tiles = FLOWS.map(([, label]) => tile(label));
  const show = (metrics, { value, before }) => {
    const now = metrics[value];
    FLOWS.forEach(([name, , text], at) => tiles[at].show(text(now[name]), trend(name, now, text, before)));
  };
  return { node: h("dl", { class: "tiles" }, tiles.map((each) => each.node)), show };
}

// How things stand now.
export function stocks(names = STOCKS.map(([label]) => label)) {
  const chosen = STOCKS.filter(([label]) => names.includes(label));
  const tiles = chosen.map(([label]) => tile(label));
  const show = (metrics) => chosen.forEach(([, text, under], at) => tiles[at].show(text(metrics), under?.(metrics) ?? ""));
  return { node: h("dl", { class: "tiles" }, tiles.map((each) => each.node)), show };
}

function tile(label) {
  const value = h("strong", {});
  const under = h("dd", { class: "hint" });
  const show = (text, ...about) => {
    value.textContent = text;
    value.style.setProperty("--length", String(Math.max(text.length, 4)));
    under.replaceChildren(...about.flat());
  };
  return { node: h("div", {}, h("dt", {}, label), h("dd", {}, value), under), show };
}

// A share of nothing would say nothing.
function trend(name, moved, text, before) {
  const [now, then] = [moved, moved.anterior].map((each) => Number(each[name]));
  const was = `${before}: ${text(then)}`;
  if (!then || now === then) return [was];
  const share = now / then > TIMES ? `mais de ${TIMES} vezes` : percent(Math.abs(now - then) / then);
  const [sign, word] = now > then ? ["▲", "a mais"] : ["▼", "a menos"];
  const good = now > then !== (name === UNWANTED);
  return [h("span", { class: good ? "change good" : "change" }, h("span", { "aria-hidden": "true" }, sign), ` ${share} `, h("span", { class: "silent" }, word)), ` · ${was}`];
}
