// Reviews that were asked for and wait for a gestor's answer.
import { get } from "../../core/api.js";
import { button } from "../../core/controls.js";
import { h, heading } from "../../core/dom.js";
import { moment } from "../../core/time.js";
import { bandName } from "../../core/words.js";
import { askDecision } from "./deciding.js";

const PAGE = 20;

export const loadReviews = (signal) =>
  get("/scores/reviews", { query: { estado: "aberta", limite: PAGE }, signal });

// Null where none waits.
export function openReviews({ itens, proximo: more }, again) {
  if (!itens.length) return null;
  return h(
    "section",
    { class: "reviews card" },
    heading("Pedidos de revisão", 2),
    h("ul", { class: "said" }, itens.map((review) => item(review, again))),
    more && h("p", { class: "hint" }, `Há mais: respondidos estes ${itens.length}, aparecem os outros.`),
  );
}

function item(review, again) {
  const { lead_id: lead, motivo, contestado, criado_em: when } = review;
  const decide = async () => { if (await askDecision(review)) again(); };
  return h(
    "li",
    {},
    h(
      "div",
      {},
      h("a", { href: `#/leads/${lead}` }, `Lead ${lead}`),
      h("p", { class: "muted" }, `Score ${contestado.score}, ${bandName(contestado.faixa).toLowerCase()}. Pedido: ${moment(when)}.`),
      h("p", { class: "quote" }, motivo),
    ),
    button("Responder", { onclick: decide, "aria-label": `Responder sobre o lead ${lead}` }),
  );
}
