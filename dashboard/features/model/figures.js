// How good the model is, in four figures, each with what it means and how sure it is.
import { h, heading } from "../../core/dom.js";
import { figure } from "../../core/format.js";

const FIGURES = [
  ["auc", "AUC", "De dois leads, um que fechou e um que não, quantas vezes o que fechou tem a chance maior. 0,5 é sorteio, 1 é certeza."],
  ["brier", "Brier", "O erro médio das chances, ao quadrado. Quanto menor, melhor."],
  ["log_loss", "Log-loss", "Quanto surpreende o que aconteceu. Quanto menor, melhor."],
  ["ece", "ECE", "Quanto as chances se afastam do que aconteceu. 0,02 são 2 pontos percentuais."],
];

export function figures(model) {
  const known = FIGURES.filter(([name]) => has(model[name]));
  if (!known.length) return null;
  return h(
    "section",
    {},
    heading("Quão bom ele é", 2),
    h("p", { class: "hint" }, "Medido em leads que o modelo não viu; entre parênteses, o intervalo de 90%."),
    h("dl", { class: "figures" }, known.map(([name, label, text]) => tile(label, text, model[name]))),
  );
}

// A figure that cannot be given says why.
const has = (measure) => measure && (has_value(measure) || measure.motivo);
const has_value = ({ valor }) => valor !== null && valor !== undefined;

function tile(label, text, measure) {
  return h(
    "div",
    {},
    h("dt", {}, label),
    h("dd", {}, has_value(measure) ? value(measure) : h("span", { class: "muted" }, measure.motivo)),
    h("dd", { class: "hint" }, text),
  );
}

function value({ valor, de, ate }) {
  const range = de === null || de === undefined ? "" : ` (${figure(de)} a ${figure(ate)})`;
  return [h("strong", {}, figure(valor)), h("span", { class: "muted" }, range)];
}
