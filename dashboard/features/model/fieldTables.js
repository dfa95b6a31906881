// What the model learned: for each field, what each of its ranges adds to or takes from the chance.
import { h, heading } from "../../core/dom.js";
import { figure, percent, plural, signed } from "../../core/format.js";
import { featureName } from "./names.js";

const PER_LOGIT = 100; // points as people read them: 100 for one step of the logit

export function fieldTables(fields) {
  if (!fields.length) return null;
  const byWeight = [...fields].sort((one, other) => weight(other) - weight(one));
  return h(
    "section",
    { class: "learned" },
    heading("O que ele aprendeu", 2),
    h("p", { class: "hint" }, "0 é o lead médio. 70 pontos a mais dobram as chances de fechar contra as de não fechar."),
    byWeight.map(table),
  );
}

// How far apart the ranges of a field are.
function weight({ faixas }) {
  const points = faixas.map((each) => each.pontos);
  return Math.max(...points, 0) - Math.min(...points, 0);
}

function table({ campo, faixas }) {
  const name = featureName(campo);
  return h(
    "details",
    {},
    h("summary", {}, name, " ", h("span", { class: "muted" }, plural(faixas.length, "faixa", "faixas"))),
    h(
      "table",
      {},
      h("caption", { class: "silent" }, name),
      h("thead", {}, h("tr", {}, ["Faixa", "Pontos", "Leads", "Fecharam"].map((text) => h("th", { scope: "col" }, text)))),
      h("tbody", {}, faixas.map(row)),
    ),
  );
}

function row({ rotulo, pontos, n, ganhos }) {
  const points = Math.round(pontos * PER_LOGIT);
  return h(
    "tr",
    {},
    h("th", { scope: "row", class: "name" }, rotulo),
    h("td", {}, h("strong", { class: `points ${points < 0 ? "minus" : "plus"}` }, signed(points))),
    h("td", {}, figure(n ?? 0)),
    h("td", {}, n ? percent((ganhos ?? 0) / n) : ""),
  );
}
