// A rule's values between the wire and what a Brazilian types: 3000.5 is written 3.000,50.
import { money } from "../../core/format.js";
import { knownValues } from "./vocabulary.js";

const NUMBER = new Intl.NumberFormat("pt-BR", { maximumFractionDigits: 10, useGrouping: false });
const AMOUNT = new Intl.NumberFormat("pt-BR", { minimumFractionDigits: 2 });
const IS_NUMBER = /^-?\d{1,15}(\.\d{1,10})?$/;

// As text in a sentence.
export const shower = (funnel) => (value, field) => {
  const named = knownValues(field.value, funnel)?.find((each) => each.value === value);
  if (named) return named.name;
  if (field.kind === "dinheiro" && isNumber(value)) return money(value);
  return typeof value === "number" ? NUMBER.format(value) : String(value);
};

// As text in a field.
export function typedOf(value, kind) {
  if (value === null || value === undefined) return "";
  if (kind === "dinheiro" && isNumber(value)) return AMOUNT.format(Number(value));
  if (typeof value === "number") return NUMBER.format(value);
  return String(value);
}

// What was typed, as the API takes it. What is no number where there should be one is sent as it is,
// and refused beside its field.
export function valueOf(typed, kind) {
  const text = typed.trim();
  if (kind === "texto" || kind === "etiquetas") return text;
  const plain = unmarked(text);
  if (!IS_NUMBER.test(plain)) return text;
  return kind === "dinheiro" ? plain : Number(plain);
}

const isNumber = (value) => IS_NUMBER.test(String(value));

// Marks between thousands are dropped and the comma becomes a point.
function unmarked(text) {
  const bare = text.replace(/^R\$\s*/, "");
  if (/^-?\d{1,3}(\.\d{3})+(,\d+)?$/.test(bare)) return bare.replaceAll(".", "").replace(",", ".");
  return bare.replace(",", ".");
}
