// For whom the model is right: by place and by age. Age is read for this also where it is not learned from.
import { h, heading } from "../../core/dom.js";
import { figure, percent } from "../../core/format.js";
import { featureName } from "./names.js";

const HEADS = ["Grupo", "Leads", "Fecharam", "AUC", "Previsto a mais"];

export function groups(list) {
  if (!list.length) return null;
  const names = [...new Set(list.map((each) => each.campo))];
  return h(
    "section",
    { class: "groups-of" },
    heading("Para quem ele acerta", 2),
    h("p", { class: "hint" }, "Um grupo a que se prevê bem mais ou bem menos do que acontece é julgado pior que os outros. A idade é lida só para isto, se o modelo não aprende com ela."),
    names.map((campo) => table(campo, list.filter((each) => each.campo === campo))),
  );
}

function table(campo, rows) {
  return h(
    "table",
    {},
    h("caption", {}, featureName(campo)),
    h("thead", {}, h("tr", {}, HEADS.map((text) => h("th", { scope: "col" }, text)))),
    h("tbody", {}, rows.map(row)),
  );
}

function row({ grupo, n, ganhos, auc, diferenca, motivo }) {
  const known = motivo ? h("td", { colspan: "2", class: "muted" }, motivo) : [h("td", {}, figure(auc)), h("td", {}, points(diferenca))];
  return h("tr", {}, h("th", { scope: "row", class: "name" }, grupo), h("td", {}, figure(n)), h("td", {}, percent(ganhos / n)), known);
}

const points = (share) => (share > 0 ? `+${percent(share)}` : percent(share));
