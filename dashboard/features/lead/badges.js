// Small marks of a lead: its score and band, its stage.
import { h } from "../../core/dom.js";
import { bandName } from "../../core/words.js";

// The band is a word and a colour; the colour alone says nothing that the word does not.
export function scoreBadge(lead) {
  if (lead.score === null || lead.score === undefined) return null;
  return h(
    "p",
    { class: `score ${lead.faixa}` },
    h("span", { class: "silent" }, "Score "),
    h("strong", {}, lead.score),
    h("span", {}, bandName(lead.faixa)),
  );
}

export const bandMark = (lead) =>
  lead.faixa ? h("span", { class: `band ${lead.faixa}` }, bandName(lead.faixa)) : null;
