// A table of figures: its first column names the row.
import { h } from "./dom.js";

/** @param {any} options */
export function table({ caption, heads, rows, silent = false }) {
  return h(
    "table",
    {},
    h("caption", { class: silent ? "silent" : null }, caption),
    h("thead", {}, h("tr", {}, heads.map((text) => h("th", { scope: "col" }, text)))),
    h("tbody", {}, rows.map(line)),
  );
}

function line([name, ...cells]) {
  return h("tr", {}, h("th", { scope: "row", class: "name" }, name), cells.map((text) => h("td", {}, text)));
}
