// A gestor's own score for a lead: signed, with its end, beside what the rules say.
import { h } from "../../core/dom.js";
import { moment } from "../../core/time.js";

export function adjustment(set) {
  if (!set) return null;
  const by = set.por?.nome ?? "alguém que já saiu";
  return h(
    "div",
    { class: "adjusted" },
    h("p", {}, h("strong", {}, `Ajustado para ${set.score}`), ` por ${by}, ${moment(set.criado_em)}.`),
    h("p", { class: "quote" }, set.motivo),
    h("p", { class: "hint" }, `Vale até ${moment(set.ate)}. Depois volta a valer o score das regras.`),
  );
}
