// What some results ask before they are recorded. Each answers with fields of the activity, or null.
import { choice, field, select } from "../../core/controls.js";
import { ask } from "../../core/dialog.js";
import { h } from "../../core/dom.js";
import * as format from "../../core/format.js";
import { lostStages } from "./funnel.js";
import { promiseField } from "./promise.js";

const USUAL = ["Sem interesse agora", "Já comprou de outro", "Sem renda", "Só pesquisava"];

// `stage`: the lost stage that was chosen already, if one was.
export function askLoss(funnel, stage = null) {
  const stages = lostStages(funnel);
  const where = select(stages.map((each) => ({ value: each.chave, name: each.nome })), stage);
  const reason = reasonField(funnel.motivos_perda);
  return ask({
    title: "Por que se perdeu?",
    body: [reason.node, stages.length > 1 && field("Etapa", where)],
    confirm: "Registrar a perda",
    answer: (complain) => {
      const said = reason.value();
      if (said) return { etapa: where.value, motivo_perda: said };
      complain("Escolha ou escreva um motivo.");
      return null;
    },
  });
}

// An equipe that lists its reasons takes no others.
function reasonField(listed) {
  if (listed?.length) {
    const chosen = choice("Motivo", listed.map((name) => ({ value: name, name })));
    return { node: chosen.node, value: chosen.chosen };
  }
  const own = h("input", { type: "text", maxlength: "200", autocomplete: "off" });
  const usual = choice("Os mais comuns", USUAL.map((name) => ({ value: name, name })), {
    onchange: (name) => { own.value = name; },
  });
  return { node: [usual.node, field("Motivo", own)], value: () => own.value.trim() };
}

export function askWhen() {
  const when = promiseField("Para quando ficou?", { optional: false });
  return ask({
    title: "Agendou",
    body: when.node,
    confirm: "Registrar",
    answer: (complain) => {
      const instant = when.value();
      if (instant) return { prevista_para: instant };
      complain("Escolha um momento que ainda não passou.");
      return null;
    },
  });
}

export function askNever(lead) {
  return ask({
    title: "Não contatar mais?",
    body: h("p", {}, h("strong", { class: "name" }, lead.nome), " sai da fila de vez. Só um gestor desfaz."),
    confirm: "Não contatar mais",
    kind: "danger",
    answer: () => ({}),
  });
}

export function askWhich(phones, last) {
  const options = phones.map((value) => ({ value, name: format.phone(value) }));
  const chosen = choice("Qual número?", options, { value: phones.includes(last) ? last : phones[0] });
  return ask({
    title: "Número errado",
    body: chosen.node,
    confirm: "Registrar",
    answer: () => ({ contato: chosen.chosen() }),
  });
}

export function askSkip() {
  const own = h("input", { type: "text", maxlength: "200", autocomplete: "off" });
  const usual = choice("Os mais comuns", SKIPS.map((name) => ({ value: name, name })), {
    onchange: (name) => { own.value = name; },
  });
  return ask({
    title: "Pular este lead?",
    body: [h("p", {}, "Ele descansa um pouco e depois volta à fila."), usual.node, field("Motivo", own)],
    confirm: "Pular",
    answer: (complain) => {
      if (own.value.trim()) return { motivo: own.value.trim() };
      complain("Escolha ou escreva um motivo.");
      return null;
    },
  });
}

const SKIPS = ["Não é hora para este", "Faltam dados", "Conheço a pessoa"];
