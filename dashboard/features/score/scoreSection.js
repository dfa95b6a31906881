// "Por que este score": the points and their reasons, the chance of closing, what would raise it, and
// what people decided about it.
import { get } from "../../core/api.js";
import { h, heading } from "../../core/dom.js";
import { fill } from "../../core/states.js";
import { moment } from "../../core/time.js";
import { scoreBadge } from "../lead/badges.js";
import { adjustment } from "./adjustment.js";
import { chance } from "./chance.js";
import { largestFirst, reasonList } from "./reasonList.js";
import { decisions } from "./decisions.js";

export function scoreSection(lead, signal) {
  const place = h("div", { class: "why" });
  const title = heading("Por que este score", 2, { tabindex: "-1" });
  const load = () => get(`/leads/${lead.id}/score`, { signal });
  const show = () =>
    fill(place, {
      wait: "Carregando o score…",
      load,
      show: (score) => explained(lead, score, changed),
      signal,
    });
  // What was pressed is gone with what it changed.
  const changed = async () => {
    await show();
    title.focus();
  };
  show();
  return h("section", { class: "score-why" }, title, place);
}

function explained(lead, score, again) {
  return [
    adjustment(score.ajuste),
    points(score),
    chance(score),
    changes(score.mudancas),
    decisions(lead, score, again),
  ];
}

function points(score) {
  return h(
    "div",
    { class: "points-of" },
    h("div", { class: "total" }, scoreBadge(score), h("p", { class: "hint" }, whence(score))),
    reasonList(largestFirst(score.partes)),
    h("p", { class: "sum" }, h("span", {}, "Soma"), " ", h("strong", {}, score.score)),
  );
}

function whence({ versao, calculado_em: when }) {
  const rules = versao ? `Regras da equipe, versão ${versao}` : "Regras de fábrica";
  return `${rules}. Calculado: ${moment(when)}.`;
}

function changes(list) {
  if (!list?.length) return null;
  return h("div", {}, heading("O que subiria o score", 3), reasonList(list));
}
