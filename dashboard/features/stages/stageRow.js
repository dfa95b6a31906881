// One stage: its name, its kind, in how many days a lead should leave it.
import { button, field, select } from "../../core/controls.js";
import { h } from "../../core/dom.js";
import { withFault } from "../../core/faults.js";
import { plural } from "../../core/format.js";

const KINDS = [
  { value: "aberta", name: "Aberta" },
  { value: "ganha", name: "Ganha" },
  { value: "perdida", name: "Perdida" },
];
const MAX_NAME = 80;
const MAX_DAYS = 3650;

export function stageRow(stage, { move, archive }) {
  const name = h("input", { maxlength: MAX_NAME, autocomplete: "off", value: stage.nome });
  const kind = select(KINDS, stage.tipo);
  const days = h("input", { type: "number", min: "1", max: MAX_DAYS, step: "1", inputmode: "numeric", value: stage.prazo_dias });
  name.addEventListener("input", () => { stage.nome = name.value.trim(); });
  kind.addEventListener("change", () => { stage.tipo = kind.value; });
  const fields = withFault(
    h("div", { class: "stage-fields" }, field("Nome", name), field("Tipo", kind), field("Prazo em dias", days)),
  );
  // Named by what the stage is called now.
  const act = (text, drawing, done) => {
    const control = button(text, { kind: "quiet", drawing });
    const named = () => control.setAttribute("aria-label", `${text}: ${stage.nome || "etapa nova"}`);
    name.addEventListener("input", named);
    named();
    control.addEventListener("click", done);
    return control;
  };
  const row = {
    stage,
    node: h("li", { class: "card" }),
    tell: fields.tell,
    focus: () => name.focus(),
    asked: () => ({ chave: stage.chave ?? undefined, nome: stage.nome, tipo: stage.tipo, prazo_dias: days.value === "" ? null : Number(days.value) }),
  };
  row.node.append(
    fields.node,
    h(
      "div",
      { class: "stage-foot" },
      h("span", { class: "muted" }, plural(stage.quantidade, "lead", "leads")),
      h("div", { class: "actions" }, act("Subir", "raise", () => move(row, -1)), act("Descer", "lower", () => move(row, 1)), act("Arquivar", "wrong", () => archive(row))),
    ),
  );
  return row;
}
