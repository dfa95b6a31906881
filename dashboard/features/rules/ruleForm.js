// A rule's fields. They write into the rule as they are typed.
import { field, select } from "../../core/controls.js";
import { h } from "../../core/dom.js";
import { withFault } from "../../core/faults.js";
import { condition } from "./condition.js";
import { numberField } from "./numberField.js";

const NONE = { value: "", name: "Nenhum" };

// `parts`: the rule's properties by name, where what is refused is told; `regroup()` shows the groups as
// they are called now.
export function ruleForm(rule, { funnel, groups, changed }) {
  const put = (name) => (value) => {
    rule[name] = value;
    changed();
  };
  const group = h("div", {});
  const regroup = () => group.replaceChildren(groupField(rule, groups(), put("grupo")));
  const parts = {
    ...condition(rule, funnel, changed),
    pontos: withFault(numberField("Pontos", rule.pontos, put("pontos"), { min: "-100", max: "100", hint: "De −100 a 100." })),
    motivo: withFault(reasonField(rule, put("motivo"))),
    grupo: withFault(group),
    meia_vida_dias: withFault(fadeField(rule, put("meia_vida_dias"))),
  };
  regroup();
  return { node: h("div", { class: "rule-form" }, Object.values(parts).map((part) => part.node)), parts, regroup };
}

function reasonField(rule, put) {
  const box = h("input", { type: "text", autocomplete: "off", maxlength: "120" });
  box.value = rule.motivo ?? "";
  box.addEventListener("input", () => put(box.value.trim()));
  return field("Motivo", box, "É o que a pessoa lê, por exemplo: Veio por indicação.");
}

function groupField(rule, names, put) {
  const box = select([NONE, ...names.map((name) => ({ value: name, name }))], rule.grupo ?? "");
  box.addEventListener("change", () => put(box.value || null));
  return field("Grupo", box);
}

function fadeField(rule, put) {
  const hint = "Vazio: os pontos não diminuem. Com 30, valem a metade depois de 30 dias.";
  return numberField("Meia-vida em dias", rule.meia_vida_dias, put, { min: "1", max: "3650", step: "any", hint });
}
