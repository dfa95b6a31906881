// The stages of the equipe, asked for once in a while.
import { get } from "../../core/api.js";

const KEPT = 10 * 60_000; // milliseconds
let asked = null;
let since = 0;

export function loadFunnel() {
  if (!asked || Date.now() - since > KEPT) {
    since = Date.now();
    asked = get("/stages").catch((error) => {
      asked = null;
      throw error;
    });
  }
  return asked;
}

export function forgetFunnel() {
  asked = null;
}

export function stageName(funnel, key) {
  const all = [...funnel.itens, ...funnel.arquivadas];
  return all.find((stage) => stage.chave === key)?.nome ?? key;
}

export const lostStages = (funnel) => funnel.itens.filter((stage) => stage.tipo === "perdida");
export const isLost = (funnel, key) => lostStages(funnel).some((stage) => stage.chave === key);
