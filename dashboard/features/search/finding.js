// What somebody typed, and which calls look for it. Documents, telephones and e-mails go in a body,
// never in an address.
import { get, post } from "../../core/api.js";
import { asFailure } from "../../core/failure.js";

const LIMIT = 20;
const MIN_END = 4;
const MAX_END = 8;

export async function find(typed, signal) {
  let found = { itens: [], proximo: null };
  for (const search of searches(typed.trim())) {
    found = await search(signal);
    if (found.itens.length) return found;
  }
  return found;
}

// Only a name may stand in an address.
export const isName = (text) => text.trim() !== "" && !text.includes("@") && !/^[\d\s().+/-]+$/.test(text);

function searches(text) {
  if (text.includes("@")) return [byBody({ email_inicio: text })];
  if (isName(text)) return [byName(text)];
  const digits = text.replace(/\D/g, "");
  if (digits.length < MIN_END) return [];
  if (digits.length <= MAX_END) return [byBody({ telefone_final: digits })];
  const last = byBody({ telefone_final: digits.slice(-MAX_END) });
  // Eleven digits are a mobile telephone or a CPF.
  if (digits.length === 11 || digits.length === 14) return [byBody({ telefone: text }), byBody({ documento: digits })];
  return digits.length === 9 ? [last] : [byBody({ telefone: text })];
}

const byName = (q) => (signal) => get("/leads", { query: { q, limite: LIMIT }, signal });

// What is no such number or address finds nobody, which is no error of the person's.
const byBody = (filters) => async (signal) => {
  try {
    return await post("/leads/search", { ...filters, limite: LIMIT }, { signal });
  } catch (error) {
    if (!signal.aborted && asFailure(error).codigo === "VALIDACAO") return { itens: [], proximo: null };
    throw error;
  }
};
