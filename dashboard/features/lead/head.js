// Who the lead is, at a glance: name, place, score, stage, and what forbids a call.
import { h, heading } from "../../core/dom.js";
import { plural } from "../../core/format.js";
import { moment } from "../../core/time.js";
import { scoreBadge } from "./badges.js";
import { stageName } from "./funnel.js";

export function leadHead(lead, funnel) {
  const city = [lead.cidade, lead.uf].filter(Boolean).join("/");
  const place = [lead.empresa, city].filter(Boolean).join(" · ");
  return h(
    "header",
    { class: "lead-head" },
    h(
      "div",
      {},
      heading(lead.nome, 1, { class: "name" }),
      place && h("p", { class: "muted" }, place),
      h("p", { class: "stage" }, h("span", { class: "silent" }, "Etapa: "), stageName(funnel, lead.etapa)),
    ),
    scoreBadge(lead),
    lead.nao_contatar_em && forbidden(lead.nao_contatar_em),
  );
}

function forbidden(since) {
  const text = `Pediu para não ser contatado. Registrado: ${moment(since)}.`;
  return h("p", { class: "banner danger" }, h("strong", {}, "Não contatar. "), text);
}

// The queue's first reason is the most pressing one; the others make the score.
export function reasons(motivos) {
  if (!motivos?.length) return null;
  const [first, ...others] = motivos;
  return h(
    "section",
    { class: "reasons" },
    heading("Por que agora", 2),
    h("p", {}, h("strong", {}, first)),
    others.length > 0 &&
      h(
        "details",
        {},
        h("summary", {}, plural(others.length, "outro motivo", "outros motivos")),
        h("ul", {}, others.map((text) => h("li", {}, text))),
      ),
  );
}
