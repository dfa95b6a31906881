// Reasons with what each adds or takes away, the largest first. Those that are not shown at once
// are summed in one line, so that what is shown always adds up.
import { h } from "../../core/dom.js";
import { plural, signed } from "../../core/format.js";

const SHOWN = 6;

// `parts`: {motivo, pontos}; those of 0 say nothing.
export function reasonList(parts, { unit = "" } = {}) {
  const told = parts.filter((part) => part.pontos !== 0);
  const first = told.length > SHOWN + 1 ? told.slice(0, SHOWN) : told;
  return [rows(first, unit), others(told.slice(first.length), unit)];
}

export const largestFirst = (parts) =>
  [...parts].sort((one, other) => Math.abs(other.pontos) - Math.abs(one.pontos));

function rows(parts, unit) {
  return h("ul", { class: "parts" }, parts.map((part) => row(part, unit)));
}

function row({ motivo, pontos }, unit) {
  return h(
    "li",
    {},
    h("strong", { class: `points ${pontos < 0 ? "minus" : "plus"}` }, signed(pontos), unit),
    h("span", {}, motivo),
  );
}

function others(parts, unit) {
  if (!parts.length) return null;
  const sum = parts.reduce((total, part) => total + part.pontos, 0);
  const label = `${plural(parts.length, "outro motivo", "outros motivos")}: ${signed(sum) || "0"}${unit}`;
  return h("details", {}, h("summary", {}, label), rows(parts, unit));
}
