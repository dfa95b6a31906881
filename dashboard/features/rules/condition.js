// What a rule looks at and how it compares: the field decides which operators there are, the operator
// which values.
import { field, select } from "../../core/controls.js";
import { h } from "../../core/dom.js";
import { withFault } from "../../core/faults.js";
import { valueField } from "./valueField.js";
import { ATTRIBUTE, fieldChoices, fieldOf, operatorChoices } from "./vocabulary.js";

export function condition(rule, funnel, changed) {
  const slots = { campo: h("div", {}), operador: h("div", {}), valor: h("div", {}) };
  const parts = Object.fromEntries(Object.entries(slots).map(([name, slot]) => [name, withFault(slot)]));
  const drawValue = () => {
    const made = valueField(rule, funnel, (valor) => {
      rule.valor = valor;
      changed();
    });
    slots.valor.replaceChildren(...(made ? [made] : []));
  };
  const drawOperator = () => {
    slots.operador.replaceChildren(operatorField(rule, () => {
      drawValue();
      changed();
    }));
    drawValue();
  };
  slots.campo.append(...fieldField(rule, () => {
    for (const part of Object.values(parts)) part.tell("");
    drawOperator();
    changed();
  }));
  drawOperator();
  return parts;
}

function fieldField(rule, changed) {
  const attribute = rule.campo.startsWith(ATTRIBUTE);
  const box = select(fieldChoices(), attribute ? ATTRIBUTE : rule.campo);
  const name = h("input", { type: "text", autocomplete: "off", maxlength: "200" });
  name.value = attribute ? rule.campo.slice(ATTRIBUTE.length) : "";
  const named = field("Nome do dado", name, "Como em atributos, por exemplo: profissao.");
  const put = () => {
    rule.campo = box.value === ATTRIBUTE ? ATTRIBUTE + name.value.trim() : box.value;
    named.hidden = box.value !== ATTRIBUTE;
  };
  box.addEventListener("change", () => {
    put();
    fitting(rule);
    rule.valor = null;
    changed();
  });
  // Its kind stays, and with it the operator and the value.
  name.addEventListener("change", () => {
    put();
    changed();
  });
  named.hidden = !attribute;
  return [field("Campo", box), named];
}

// The operator stays where the new field has it, too.
function fitting(rule) {
  const there = operatorChoices(fieldOf(rule.campo).kind);
  if (!there.some((each) => each.value === rule.operador)) rule.operador = there[0].value;
}

function operatorField(rule, changed) {
  const box = select(operatorChoices(fieldOf(rule.campo).kind), rule.operador);
  box.addEventListener("change", () => {
    rule.operador = box.value;
    rule.valor = null;
    changed();
  });
  return field("Como compara", box);
}
