// In what state the model is, in words.
import { h, heading } from "../../core/dom.js";
import { percent, plural } from "../../core/format.js";
import { dayName, moment } from "../../core/time.js";

const STATES = {
  em_uso: ["Em uso", "Há leads fechados bastantes para confiar nas chances."],
  em_aprendizado: ["Em aprendizado", "As chances já aparecem, mas ainda podem errar bastante: faltam leads fechados."],
  regras: ["Só regras", "Há poucos leads fechados para aprender. A fila segue o score das regras."],
  sem_modelo: ["Ainda sem modelo", "Nada foi treinado ainda. A fila segue o score das regras."],
};

export function standing(model) {
  const [title, text] = STATES[model.estado] ?? [model.estado, ""];
  return h(
    "section",
    { class: "card" },
    heading(title, 2),
    h("p", {}, text),
    model.motivo && h("p", { class: "muted" }, model.motivo),
    model.treinado_em && h("p", { class: "muted" }, learned(model)),
  );
}

const span = (from, to) => (from === to ? from : `${from} a ${to}`);

function learned({ versao, treinado_em: when, n, ganhos, janela, taxa_base: rate, posteriores: later }) {
  const share = rate === null || rate === undefined ? "" : ` (${percent(rate)})`;
  const parts = [
    `Versão ${versao}, treinada: ${moment(when)}.`,
    `${plural(n, "lead fechado", "leads fechados")}, ${plural(ganhos ?? 0, "ganho", "ganhos")}${share}.`,
    later > 0 && `De ${later} deles não se guardou o que se sabia antes de fechar: contam como são hoje.`,
    janela?.de && `Fechados: ${span(dayName(janela.de), dayName(janela.ate))}`,
  ];
  return parts.filter(Boolean).join(" ");
}
