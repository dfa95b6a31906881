// "Chance de fechar": the model's probability, and the way to it. Each reason is a step from the chance
// of any lead to this lead's; the steps are rounded so that they lead there exactly.
import { h, heading } from "../../core/dom.js";
import { percent, signed } from "../../core/format.js";
import { largestFirst, reasonList } from "./reasonList.js";

const POINTS = " p.p.";

export function chance(score) {
  const { probabilidade, modelo, sem_probabilidade: why } = score;
  const known = probabilidade !== null && probabilidade !== undefined;
  return h(
    "div",
    { class: "chance" },
    heading("Chance de fechar", 3),
    known
      ? [h("p", { class: "figure" }, percent(probabilidade)), modelo && way(modelo, probabilidade)]
      : h("p", { class: "muted" }, why ?? "Ainda não há uma chance para este lead."),
  );
}

function way(model, end) {
  const { start, steps } = stepsOf(model);
  const total = signed(tenths(end) - tenths(start));
  return h(
    "details",
    {},
    h("summary", {}, "Como se chega a ela"),
    h("p", { class: "hint" }, `Um lead qualquer começa em ${percent(start)}. Cada motivo sobe ou desce a chance, em pontos percentuais (p.p.), nesta ordem.`),
    reasonList(steps, { unit: POINTS }),
    h("p", { class: "sum" }, `De ${percent(start)} a ${percent(end)}: ${total}${POINTS}`),
  );
}

const chanceOf = (logit) => 1 / (1 + Math.exp(-logit));
const tenths = (share) => Math.round(share * 1000) / 10;

// The parts of a logit are added up one by one, the heaviest first.
export function stepsOf({ base, partes }) {
  const heaviest = largestFirst(partes.map(({ motivo, logit }) => ({ motivo, pontos: logit })));
  let logit = base;
  let before = tenths(chanceOf(base));
  const steps = heaviest.map(({ motivo, pontos }) => {
    logit += pontos;
    const now = tenths(chanceOf(logit));
    const step = Math.round((now - before) * 10) / 10;
    before = now;
    return { motivo, pontos: step };
  });
  return { start: chanceOf(base), steps };
}
