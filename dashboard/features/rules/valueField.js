// What a rule compares with: nothing, one value, two, or a list; from those that are known where the
// field has few.
import { field, select } from "../../core/controls.js";
import { h, uniqueId } from "../../core/dom.js";
import { typedOf, valueOf } from "./values.js";
import { fieldOf, knownValues, takesOf } from "./vocabulary.js";

const TYPES = { one: one, pair: pair, many: many };

// `put(value)` gets every new value. Null where the operator takes none.
export function valueField(rule, funnel, put) {
  const kind = fieldOf(rule.campo).kind;
  const known = knownValues(rule.campo, funnel);
  const made = TYPES[takesOf(rule.operador)];
  return made ? made({ valor: rule.valor, kind, known, put }) : null;
}

const isAmount = (kind) => kind === "dinheiro" || kind === "numero";

function typing(value, kind, changed) {
  const box = h("input", { type: "text", autocomplete: "off", maxlength: "200", inputmode: isAmount(kind) ? "decimal" : null });
  box.value = typedOf(value, kind);
  box.addEventListener("input", changed);
  return box;
}

function one({ valor, kind, known, put }) {
  const first = Array.isArray(valor) ? valor[0] : valor;
  if (known) return chosen(known, first, put);
  const box = typing(first, kind, () => put(valueOf(box.value, kind)));
  return field("Valor", box, kind === "dinheiro" ? "Em reais." : null);
}

function chosen(known, value, put) {
  const box = select([{ value: "", name: "Escolha" }, ...known], value ?? "");
  box.addEventListener("change", () => put(box.value));
  return field("Valor", box);
}

function pair({ valor, kind, put }) {
  const [least, most] = Array.isArray(valor) ? valor : [valor, null];
  const changed = () => put([valueOf(from.value, kind), valueOf(to.value, kind)]);
  const from = typing(least, kind, changed);
  const to = typing(most, kind, changed);
  return h("div", { class: "side-by-side" }, field("De", from), field("Até", to));
}

function many({ valor, kind, known, put }) {
  const values = [valor ?? []].flat();
  if (known) return ticks(known, values, put);
  const box = h("textarea", { rows: "3" });
  box.value = values.map((each) => typedOf(each, kind)).join("\n");
  box.addEventListener("input", () => put(lines(box.value).map((each) => valueOf(each, kind))));
  return field("Valores", box, "Um por linha.");
}

const lines = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean);

function ticks(known, values, put) {
  const name = uniqueId("valores");
  const set = h(
    "fieldset",
    { class: "ticks" },
    h("legend", {}, "Valores"),
    known.map((each) =>
      h(
        "label",
        { class: "tick" },
        h("input", { type: "checkbox", name, value: each.value, checked: values.includes(each.value) }),
        h("span", {}, each.name),
      ),
    ),
  );
  set.addEventListener("change", () =>
    put(Array.from(/** @type {NodeListOf<HTMLInputElement>} */ (set.querySelectorAll("input:checked")), (box) => box.value)),
  );
  return set;
}
