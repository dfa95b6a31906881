// Groups: the points of their rules together stay between a least and a most.
import { button, field } from "../../core/controls.js";
import { h } from "../../core/dom.js";
import { withFault } from "../../core/faults.js";
import { plural } from "../../core/format.js";
import { numberField } from "./numberField.js";

const MAX = 20;

// `renamed(before, after)` is called for each group that is called otherwise now; `after` is null where
// it is gone.
export function groupList(groups, { changed, renamed }) {
  const list = h("ul", { class: "groups" });
  const label = h("summary", {});
  const more = button("Adicionar grupo", { drawing: "add", onclick: add });
  const rows = [];
  const told = () => {
    label.textContent = groups.length ? plural(groups.length, "grupo", "grupos") : "Nenhum grupo";
    more.hidden = groups.length >= MAX;
  };
  const append = (group) => {
    const row = groupRow(group, { changed, renamed, remove });
    rows.push(row);
    list.append(row.node);
    return row;
  };

  function add() {
    const group = { nome: "", minimo: null, maximo: null };
    groups.push(group);
    const row = append(group);
    told();
    changed();
    row.parts.nome.focus();
  }

  function remove(row, group) {
    const at = groups.indexOf(group);
    groups.splice(at, 1);
    rows.splice(at, 1);
    row.node.remove();
    told();
    renamed(group.nome, null);
    changed();
    label.focus();
  }

  for (const group of groups) append(group);
  told();
  const hint = h("p", { class: "hint" }, "Um grupo limita quanto várias regras somam juntas, por exemplo as de renda.");
  const details = h("details", {}, label, h("div", { class: "group-list" }, hint, list, more));
  return { node: details, rows, open: () => { details.open = true; } };
}

function groupRow(group, { changed, renamed, remove }) {
  const name = h("input", { type: "text", autocomplete: "off", maxlength: "40" });
  name.value = group.nome;
  name.addEventListener("change", () => {
    const before = group.nome;
    group.nome = name.value.trim();
    renamed(before, group.nome);
    changed();
  });
  const limit = (key) => (value) => {
    group[key] = value;
    changed();
  };
  const parts = {
    nome: withFault(field("Nome do grupo", name)),
    minimo: withFault(numberField("Mínimo", group.minimo, limit("minimo"))),
    maximo: withFault(numberField("Máximo", group.maximo, limit("maximo"))),
  };
  const row = { node: null, parts };
  const away = button("Remover grupo", { kind: "quiet", drawing: "wrong", onclick: () => remove(row, group) });
  row.node = h("li", {}, parts.nome.node, h("div", { class: "side-by-side" }, parts.minimo.node, parts.maximo.node), away);
  return row;
}
