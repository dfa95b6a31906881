// The rules of a draft in their order: added, removed, moved.
import { button } from "../../core/controls.js";
import { h, heading } from "../../core/dom.js";
import { notify } from "../../core/notice.js";
import { ruleRow } from "./ruleRow.js";

const MAX = 200;
const NEW = { campo: "origem", operador: "igual", valor: null, pontos: 5, motivo: "", grupo: null, meia_vida_dias: null };

export function ruleList(rules, { funnel, groups, changed }) {
  const list = h("ol", { class: "rules" });
  const title = heading("", 2);
  const rows = [];
  const told = () => { title.textContent = `Regras (${rules.length})`; };
  const context = { funnel, groups, changed, move, remove };
  const append = (rule) => {
    const row = ruleRow(rule, context);
    rows.push(row);
    list.append(row.node);
    return row;
  };

  function add() {
    if (rules.length >= MAX) return notify(`Um conjunto tem no máximo ${MAX} regras.`);
    const rule = { ...NEW };
    rules.push(rule);
    const row = append(rule);
    told();
    changed();
    row.open().campo.focus();
    return undefined;
  }

  function remove(row) {
    const at = rows.indexOf(row);
    rules.splice(at, 1);
    rows.splice(at, 1);
    row.node.remove();
    told();
    changed();
    notify(`Regra removida: ${row.rule.motivo || "sem motivo"}.`);
    (rows[at]?.line ?? more).focus();
  }

  function move(row, by) {
    const at = rows.indexOf(row);
    const to = at + by;
    if (to < 0 || to >= rows.length) return;
    for (const each of [rules, rows]) each.splice(to, 0, ...each.splice(at, 1));
    const focus = /** @type {HTMLElement} */ (document.activeElement);
    if (by < 0) rows[to + 1].node.before(row.node);
    else rows[to - 1].node.after(row.node);
    // A node that is moved loses the focus.
    focus.focus();
    notify(`Agora é a regra ${to + 1} de ${rows.length}.`);
    changed();
  }

  for (const rule of rules) append(rule);
  told();
  const more = button("Adicionar regra", { drawing: "add", onclick: add });
  const hint = h("p", { class: "hint" }, "Toque em uma regra para mudá-la. Alt com as setas muda a ordem.");
  return { node: h("section", { class: "rule-list" }, title, hint, list, more), rows };
}
