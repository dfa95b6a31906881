// How much the leads that come now differ from those that the model learned from.
import { h, heading } from "../../core/dom.js";
import { figure } from "../../core/format.js";
import { featureName } from "./names.js";

const CHANGED = 0.1;
const OTHER = 0.25;

export function drift(list) {
  if (!list.length) return null;
  return h(
    "section",
    { class: "drift" },
    heading("O que mudou desde então", 2),
    h("p", { class: "hint" }, "PSI compara os leads de agora com os que o modelo viu: até 0,1 são iguais; acima de 0,25, são outros."),
    h(
      "table",
      {},
      h("caption", { class: "silent" }, "Mudança por campo"),
      h("thead", {}, h("tr", {}, ["Campo", "PSI", "O que diz"].map((text) => h("th", { scope: "col" }, text)))),
      h("tbody", {}, list.map(row)),
    ),
  );
}

function row({ campo, psi }) {
  const known = psi !== null && psi !== undefined;
  return h(
    "tr",
    {},
    h("th", { scope: "row", class: "name" }, featureName(campo)),
    h("td", {}, known ? figure(psi) : ""),
    h("td", { class: psi >= OTHER ? "late" : null }, known ? verdict(psi) : "Ainda não se sabe"),
  );
}

function verdict(psi) {
  if (psi < CHANGED) return "Igual";
  return psi < OTHER ? "Mudou" : "Mudou muito";
}
