// A whole definition being written: base, bands, groups, rules; and what the server says of its parts.
import { h, heading } from "../../core/dom.js";
import { withFault } from "../../core/faults.js";
import { groupList } from "./groupList.js";
import { numberField } from "./numberField.js";
import { ruleList } from "./ruleList.js";

// `definition` is written into; `changed()` is called each time.
export function editor(definition, { funnel, changed }) {
  const base = frame(definition, changed);
  const names = () => definition.grupos.map((group) => group.nome).filter(Boolean);
  const list = ruleList(definition.regras, { funnel, groups: names, changed });
  const groups = groupList(definition.grupos, { changed, renamed: (before, after) => rename(before, after) });
  const rename = (before, after) => {
    for (const row of list.rows) {
      if (before && row.rule.grupo === before) row.rule.grupo = after || null;
      row.regroup();
      row.relabel();
    }
  };
  const outside = h("ul", { class: "notes" });
  const parts = { base, list, groups };
  return {
    node: h("div", { class: "editor" }, base.node, section("Grupos", groups.node), list.node, outside),
    warn: (avisos) => warn(avisos, list.rows, outside),
    clear: () => clear(parts),
    refuse: (erros) => refuse(erros, parts),
  };
}

const section = (title, ...inner) => h("section", {}, heading(title, 2), inner);

function frame(definition, changed) {
  const into = (target, key) => (value) => {
    target[key] = value;
    changed();
  };
  const range = { min: "0", max: "100" };
  const { faixas } = definition;
  const parts = {
    base: withFault(numberField("Base: onde todo lead começa", definition.base, into(definition, "base"), range)),
    "faixas.quente": withFault(numberField("Quente a partir de", faixas.quente, into(faixas, "quente"), range)),
    "faixas.morno": withFault(numberField("Morno a partir de", faixas.morno, into(faixas, "morno"), range)),
  };
  const { base, ...bands } = parts;
  const inner = [base.node, h("div", { class: "side-by-side" }, Object.values(bands).map((part) => part.node))];
  return { node: section("Base e faixas", ...inner), parts };
}

// A warning stands under each rule that it is about, or at the end.
function warn(avisos, rows, outside) {
  const about = rows.map(() => []);
  const others = [];
  for (const { regras, mensagem } of avisos) {
    const there = (regras ?? []).filter((at) => at in about);
    for (const at of there) about[at].push(mensagem);
    if (!there.length) others.push(mensagem);
  }
  rows.forEach((row, at) => row.warn(about[at]));
  outside.replaceChildren(...others.map((text) => h("li", {}, text)));
}

function clear({ base, groups, list }) {
  for (const part of Object.values(base.parts)) part.tell("");
  for (const row of groups.rows) for (const part of Object.values(row.parts)) part.tell("");
  for (const row of list.rows) row.clear();
}

// Tells each error beside its field and goes to the first; returns those that have none here.
function refuse(erros, parts) {
  const placed = erros.map((error) => ({ error, part: partOf(error.campo ?? "", parts) }));
  for (const { error, part } of placed) part?.tell(error.mensagem);
  placed.find(({ part }) => part)?.part.focus();
  return placed.filter(({ part }) => !part).map(({ error }) => error.mensagem);
}

// "regras.3.valor.1" is the value of the fourth rule; "faixas" alone is its first field.
function partOf(path, { base, list, groups }) {
  const [name, at, part] = path.split(".");
  if (name === "regras") return list.rows[at]?.open()[part ?? "campo"];
  if (name === "grupos" && groups.rows[at]) {
    groups.open();
    return groups.rows[at].parts[part ?? "nome"];
  }
  return base.parts[path] ?? base.parts[`${name}.${at ?? "quente"}`];
}
