// When to get back to the lead: a few usual moments, or any other, in the time zone of the equipe.
import { choice, field } from "../../core/controls.js";
import { h } from "../../core/dom.js";
import { atHour, toInstant, toLocal, untilMonday } from "../../core/time.js";

const HOUR = 3_600_000;
const NONE = "sem";
const OTHER = "outro";

function moments() {
  const monday = untilMonday();
  return [
    { value: new Date(Date.now() + HOUR).toISOString(), name: "Em 1 hora" },
    { value: atHour(1, 9), name: "Amanhã, 9h" },
    { value: atHour(1, 14), name: "Amanhã, 14h" },
    monday > 1 && { value: atHour(monday, 9), name: "Segunda, 9h" },
  ].filter(Boolean);
}

// `value()` is an instant, null for none, or undefined where what was chosen cannot be.
export function promiseField(legend, { optional }) {
  const own = h("input", { type: "datetime-local", min: toLocal(Date.now()), value: toLocal(atHour(1, 10)) });
  const other = h("div", { hidden: true }, field("Data e hora", own));
  const options = [
    optional && { value: NONE, name: "Sem retorno" },
    ...moments(),
    { value: OTHER, name: "Outra data" },
  ].filter(Boolean);
  const chosen = choice(legend, options, {
    value: optional ? NONE : null,
    onchange: (value) => { other.hidden = value !== OTHER; },
  });
  const value = () => {
    const wanted = chosen.chosen();
    if (wanted === NONE) return null;
    const instant = wanted === OTHER ? toInstant(own.value) : wanted;
    return instant && Date.parse(instant) > Date.now() ? instant : undefined;
  };
  return { node: h("div", { class: "promise" }, chosen.node, other), value };
}
