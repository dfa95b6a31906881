// One rule of a draft: a line that says it in words, and opens to its fields.
import { button } from "../../core/controls.js";
import { h } from "../../core/dom.js";
import { signed } from "../../core/format.js";
import { ruleForm } from "./ruleForm.js";
import { shower } from "./values.js";
import { inWords } from "./vocabulary.js";

const MOVES = { ArrowUp: -1, ArrowDown: 1 };

// `context`: {funnel, groups(), changed(), move(row, by), remove(row)}
export function ruleRow(rule, context) {
  const line = h("summary", {});
  const body = h("div", {});
  const notes = h("ul", { class: "notes" });
  const opened = h("details", {}, line, body);
  const node = h("li", { class: "rule" }, opened, notes);
  let form = null;
  const draw = () => line.replaceChildren(...summary(rule, context.funnel));
  const row = {
    rule,
    node,
    line,
    open: () => { opened.open = true; return build(); },
    warn: (texts) => notes.replaceChildren(...texts.map((text) => h("li", {}, text))),
    clear: () => Object.values(form?.parts ?? {}).forEach((part) => part.tell("")),
    regroup: () => form?.regroup(),
    relabel: draw,
  };
  const changed = () => { draw(); context.changed(); };
  // A set has up to 200 rules: fields are made when they are looked at.
  const build = () => {
    if (!form) {
      form = ruleForm(rule, { ...context, changed });
      body.append(form.node, acts(row, context));
    }
    return form.parts;
  };
  opened.addEventListener("toggle", () => opened.open && build());
  node.addEventListener("keydown", (event) => shift(event, row, context));
  draw();
  return row;
}

function summary(rule, funnel) {
  const points = rule.pontos ?? 0;
  const words = inWords(rule, shower(funnel));
  const group = rule.grupo ? ` · grupo ${rule.grupo}` : "";
  return [
    h("strong", { class: `points ${points < 0 ? "minus" : "plus"}` }, signed(points)),
    h("span", { class: "told" }, h("span", {}, rule.motivo || "Sem motivo"), h("span", { class: "muted" }, words, group)),
  ];
}

function acts(row, { move, remove }) {
  return h(
    "div",
    { class: "actions" },
    button("Subir", { drawing: "raise", onclick: () => move(row, -1) }),
    button("Descer", { drawing: "lower", onclick: () => move(row, 1) }),
    button("Remover", { kind: "quiet", drawing: "wrong", onclick: () => remove(row) }),
  );
}

// Alt with an arrow moves the rule; in a field the arrows are the field's.
function shift(event, row, { move }) {
  const by = MOVES[event.key];
  if (!event.altKey || !by || !/^(SUMMARY|BUTTON)$/.test(event.target.tagName)) return;
  event.preventDefault();
  move(row, by);
}
