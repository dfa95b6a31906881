// The columns of a file, each with what it becomes; those that are least sure first in the eye.
import { field, select } from "../../core/controls.js";
import { h } from "../../core/dom.js";
import { targetsOf } from "./fields.js";

const SURE = 0.75;

export function columns(found) {
  const rows = found.map(row);
  return {
    node: h("ol", { class: "columns" }, rows.map((each) => each.node)),
    mapping: () => Object.fromEntries(rows.map(({ name, box }) => [name, box.value || null])),
    onChange: (told) => { for (const { box } of rows) box.addEventListener("change", told); },
  };
}

function row(column) {
  const { coluna: name, campo, confianca: sure, motivo, amostra, contradicoes } = column;
  const box = select(targetsOf(column), campo ?? "");
  const doubtful = sure < SURE || contradicoes.length > 0;
  const node = h(
    "li",
    { class: doubtful ? "doubtful" : null },
    field(name, box),
    h("div", {}, amostra.length > 0 && h("p", { class: "sample" }, amostra.join(" · ")), h("p", { class: "hint" }, doubtful && h("strong", {}, "Confira: "), motivo)),
    contradicoes.length > 0 && misfits(contradicoes),
  );
  return { node, name, box };
}

function misfits(all) {
  return h(
    "details",
    {},
    h("summary", {}, all.length === 1 ? "1 célula não combina" : `${all.length} células não combinam`),
    h("ul", {}, all.map(({ linha, valor, mensagem }) => h("li", { class: "hint" }, `Linha ${linha}: “${valor}”. ${mensagem}`))),
  );
}
