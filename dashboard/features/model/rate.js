// How many of its leads the equipe says that it wins: what chances go by until enough have closed.
import { patch } from "../../core/api.js";
import { busy, button, field } from "../../core/controls.js";
import { h, heading } from "../../core/dom.js";
import { asFailure } from "../../core/failure.js";
import { notify } from "../../core/notice.js";

const DIGITS = 6;
const HINT = "Em por cento. Vale até haver leads fechados que bastem; vazio, a equipe não diz.";

// `again` shows the page anew.
export function rate(known, again) {
  const box = h("input", { type: "number", min: "0", max: "100", step: "any", inputmode: "decimal" });
  box.value = known === null || known === undefined ? "" : String(Number((known * 100).toPrecision(DIGITS)));
  const wrong = h("p", { class: "wrong", role: "alert" });
  const save = button("Salvar taxa", { type: "submit" });
  const send = async () => {
    wrong.textContent = "";
    try {
      await patch("/equipe", { taxa_ganho: asked(box) });
      notify("Taxa salva. Vale a partir do próximo treino.");
      again();
    } catch (error) {
      wrong.textContent = asFailure(error).sentence;
      box.focus();
    }
  };
  const onsubmit = (event) => {
    event.preventDefault();
    busy(save, send);
  };
  return h(
    "section",
    { class: "rate" },
    heading("Taxa de ganho da equipe", 2),
    h("form", { novalidate: true, onsubmit }, field("De 100 leads, quantos a equipe ganha?", box, HINT), wrong, h("div", { class: "actions" }, save)),
  );
}

// What is no number at all is out of range, and refused.
function asked(box) {
  if (box.value === "" && !box.validity.badInput) return null;
  return box.value === "" ? 0 : Number((Number(box.value) / 100).toPrecision(DIGITS));
}
