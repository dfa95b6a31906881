// What is asked when people decide on a score: the number, until when, why. Each `read` answers null after
// it has said what is missing, with the focus on it.
import { field } from "../../core/controls.js";
import { h } from "../../core/dom.js";
import { atHour, toInstant, toLocal } from "../../core/time.js";

const MAX_TEXT = 2000;
const USUAL_DAYS = 30;

export function reasonField(label = "Motivo", empty = "Escreva o motivo.") {
  const box = h("textarea", { rows: "3", maxlength: MAX_TEXT });
  const read = (complain) => box.value.trim() || missing(box, complain, empty);
  return { node: field(label, box), read };
}

export function scoreField(value) {
  const box = h("input", { type: "number", min: "0", max: "100", step: "1", inputmode: "numeric", value });
  const read = (complain) => {
    const score = Number(box.value);
    const fits = box.value !== "" && Number.isInteger(score) && score >= 0 && score <= 100;
    return fits ? score : missing(box, complain, "O score vai de 0 a 100.");
  };
  return { node: field("Score, de 0 a 100", box), read };
}

export function untilField(instant = null) {
  const value = toLocal(instant ? Date.parse(instant) : Date.parse(atHour(USUAL_DAYS, 18)));
  const box = h("input", { type: "datetime-local", min: toLocal(Date.now()), value });
  const read = (complain) => {
    const until = toInstant(box.value);
    const fits = until && Date.parse(until) > Date.now();
    return fits ? until : missing(box, complain, "Escolha um momento que ainda não passou.");
  };
  return { node: field("Vale até", box), read };
}

// All that was read by its name; null where one is missing, which is the first that is told.
export function readAll(fields, complain) {
  const found = {};
  for (const [name, each] of Object.entries(fields)) {
    found[name] = each.read(complain);
    if (found[name] === null) return null;
  }
  return found;
}

function missing(control, complain, text) {
  complain(text);
  control.focus();
  return null;
}
