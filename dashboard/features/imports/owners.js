// To whom the new leads of a file go, where its lines name nobody.
import { choice } from "../../core/controls.js";
import { h } from "../../core/dom.js";

const WAYS = [
  { value: "ninguem", name: "Ninguém: a fila oferece a todos" },
  { value: "auto", name: "Quem tem menos leads" },
  { value: "partes", name: "Em partes iguais" },
];

// `read()` is what the API is asked for, null for nobody.
export function owners(people) {
  const ticks = people.filter((each) => each.ativo).map(({ id, nome, role }) => ({ id, box: h("input", { type: "checkbox", checked: role === "vendedor" }), nome }));
  const named = h(
    "fieldset",
    { class: "ticks", hidden: true },
    h("legend", { class: "silent" }, "Entre quem"),
    ticks.map(({ box, nome }) => h("label", { class: "tick" }, box, h("span", { class: "name" }, nome))),
  );
  const way = choice("De quem são os leads novos", WAYS, { value: "ninguem", onchange: (value) => { named.hidden = value !== "partes"; } });
  const read = () => {
    if (way.chosen() !== "partes") return way.chosen() === "auto" ? "auto" : null;
    return JSON.stringify(ticks.filter(({ box }) => box.checked).map(({ id }) => id));
  };
  return { node: h("div", {}, way.node, named), read };
}
