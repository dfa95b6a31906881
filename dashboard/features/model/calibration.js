// "De 100 leads com 30%, quantos fecharam?", as a chart and as the table that it is drawn from.
import { h, heading } from "../../core/dom.js";
import { figure, percent } from "../../core/format.js";
import { calibrationChart } from "./calibrationChart.js";

export function calibration(bins) {
  if (!bins.length) return null;
  return h(
    "section",
    { class: "calibration" },
    heading("De 100 leads com 30%, quantos fecharam?", 2),
    h("p", { class: "hint" }, "Na diagonal, fecharam tantos quantos a chance dizia. Acima dela, mais; abaixo, menos."),
    h("div", { class: "beside" }, calibrationChart(bins), table(bins)),
  );
}

const ofHundred = (share) => String(Math.round(share * 100));

function table(bins) {
  const row = ({ n, previsto, observado }) =>
    h("tr", {}, h("th", { scope: "row" }, percent(previsto)), h("td", {}, ofHundred(observado)), h("td", {}, figure(n)));
  return h(
    "table",
    {},
    h("caption", {}, "Chance dita e o que aconteceu"),
    h("thead", {}, h("tr", {}, ["Chance dita", "De 100, fecharam", "Leads"].map((text) => h("th", { scope: "col" }, text)))),
    h("tbody", {}, bins.map(row)),
  );
}
