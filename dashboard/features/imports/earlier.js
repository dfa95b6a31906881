// The imports before, newest first.
import { h, heading } from "../../core/dom.js";
import { figure, plural } from "../../core/format.js";
import { moment } from "../../core/time.js";
import { STATES } from "./words.js";

export function earlier({ itens, proximo: more }) {
  if (!itens.length) return null;
  return h("section", { class: "earlier" }, heading("Importações anteriores", 2), h("ul", { class: "people" }, itens.map(item)), more && h("p", { class: "hint" }, `As ${itens.length} mais novas.`));
}

function item(run) {
  const counts = [plural(run.criados, "criado", "criados"), run.rejeitados > 0 && plural(run.rejeitados, "rejeitado", "rejeitados")].filter(Boolean);
  return h(
    "li",
    {},
    h(
      "a",
      { href: `#/importar/${run.id}` },
      h("strong", {}, `Importação ${run.id}`, h("span", { class: "tag" }, STATES[run.estado] ?? run.estado)),
      h("span", { class: "muted" }, `${moment(run.criado_em)}. ${figure(run.linhas)} linhas: ${counts.join(", ")}.`),
    ),
  );
}
