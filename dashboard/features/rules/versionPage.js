// A published version, to be read.
import { get } from "../../core/api.js";
import { h, heading } from "../../core/dom.js";
import { signed } from "../../core/format.js";
import { fill } from "../../core/states.js";
import { loadFunnel } from "../lead/funnel.js";
import { shower } from "./values.js";
import { inWords } from "./vocabulary.js";

export function versionPage(outlet, { id, signal }) {
  return fill(outlet, {
    title: "Versão das regras",
    wait: "Carregando a versão…",
    load: () => Promise.all([get("/scores/rules", { query: { versao: id }, signal }), loadFunnel()]),
    show: ([rules, funnel]) => shown(rules, funnel),
    signal,
  });
}

function shown(rules, funnel) {
  const { versao, base, faixas, grupos, regras } = rules;
  return h(
    "div",
    { class: "version" },
    heading(versao ? `Versão ${versao}` : "Regras de fábrica"),
    h("p", { class: "lead-in" }, `Todo lead começa com ${base}. Quente a partir de ${faixas.quente}, morno a partir de ${faixas.morno}.`),
    grupos.length > 0 && [heading("Grupos", 2), h("ul", { class: "said" }, grupos.map((each) => h("li", {}, groupLine(each))))],
    heading("Regras", 2),
    h("ul", { class: "parts" }, regras.map((rule) => line(rule, funnel))),
    h("div", { class: "actions" }, h("a", { class: "button plain", href: "#/regras" }, "Todas as regras")),
  );
}

function groupLine({ nome, minimo, maximo }) {
  const limits = [has(minimo) && `pelo menos ${minimo}`, has(maximo) && `no máximo ${maximo}`].filter(Boolean);
  return `${nome}: ${limits.join(", ") || "sem limite"}`;
}

const has = (limit) => limit !== null && limit !== undefined;

function line(rule, funnel) {
  const extra = [rule.grupo && `grupo ${rule.grupo}`, rule.meia_vida_dias && `metade a cada ${rule.meia_vida_dias} dias`];
  const words = [inWords(rule, shower(funnel)), ...extra.filter(Boolean)].join(" · ");
  return h(
    "li",
    {},
    h("strong", { class: `points ${rule.pontos < 0 ? "minus" : "plus"}` }, signed(rule.pontos)),
    h("span", { class: "told" }, h("span", {}, rule.motivo), h("span", { class: "muted" }, words)),
  );
}
