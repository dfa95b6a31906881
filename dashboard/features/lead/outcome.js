// What came of it: one tap records a result, with a note, a return and a stage if they were given.
import { newKey, post } from "../../core/api.js";
import { button, choice, field, select } from "../../core/controls.js";
import { draftOf, keepDraft } from "../../core/drafts.js";
import { h, heading } from "../../core/dom.js";
import { asFailure } from "../../core/failure.js";
import { failed, loading } from "../../core/states.js";
import { KINDS, RESULTS } from "../../core/words.js";
import { phonesOf } from "./contacts.js";
import { forgetFunnel, isLost } from "./funnel.js";
import { promiseField } from "./promise.js";
import * as questions from "./questions.js";

const MAX_TEXT = 4000;

// `recorded({atividade, lead}, result)` is called when the server has it.
export function outcome(lead, funnel, recorded) {
  const form = fields(lead, funnel);
  const trouble = h("div", { class: "trouble" });
  const send = sender(lead, trouble, recorded);
  const tap = async (result) => {
    const body = await complete(lead, funnel, form, result);
    if (body?.error) trouble.replaceChildren(h("p", { class: "wrong", role: "alert" }, body.error));
    else if (body) await send(body, result);
  };
  return {
    node: h(
      "section",
      { class: "outcome card" },
      heading("Como foi?", 2),
      form.node,
      h("div", { class: "results" }, RESULTS.map((result) => resultButton(result, tap))),
      trouble,
      alone(form, () => tap(null)),
    ),
    used: form.used,
  };
}

// A note, a return or a stage may be kept without a result, once there is one of them.
function alone(form, save) {
  const control = button("Salvar sem resultado", { kind: "quiet", drawing: "note", onclick: save });
  const tell = () => {
    const { texto, prevista_para: promise, etapa } = form.read();
    control.hidden = !(texto || promise || etapa);
  };
  for (const event of ["input", "change"]) form.node.addEventListener(event, tell);
  tell();
  return control;
}

function resultButton({ value, name, icon, tone }, tap) {
  return button(name, { kind: `result ${tone}`, drawing: icon, onclick: () => tap(value) });
}

function fields(lead, funnel) {
  const kinds = KINDS.map(({ value, name, icon }) => ({ value, name, drawing: icon }));
  const kind = choice("Por onde foi", kinds, { value: "ligacao" });
  const text = h("textarea", { rows: "2", maxlength: MAX_TEXT, placeholder: "Opcional" });
  text.value = draftOf(lead.id);
  text.addEventListener("input", () => keepDraft(lead.id, text.value.trim()));
  const when = promiseField("Retorno", { optional: true });
  const stages = funnel.itens.map((each) => ({ value: each.chave, name: each.nome }));
  const stage = select([{ value: "", name: "Não mudar" }, ...stages.filter((each) => each.value !== lead.etapa)], "");
  let contact = null;
  return {
    node: h(
      "div",
      { class: "said" },
      field("Anotação", text),
      h(
        "details",
        { class: "more" },
        h("summary", {}, "Retorno, etapa, por onde foi"),
        when.node,
        field("Mover para a etapa", stage),
        kind.node,
      ),
    ),
    used: (how, value) => {
      kind.choose(how);
      contact = value;
    },
    read: () => ({
      tipo: kind.chosen(),
      texto: text.value.trim() || undefined,
      prevista_para: when.value(),
      etapa: stage.value || undefined,
    }),
    contact: () => contact,
  };
}

// The body to be sent; null where the person gave up, {error} where something is missing.
async function complete(lead, funnel, form, result) {
  const given = form.read();
  if (given.prevista_para === undefined) return { error: "O retorno ficou no passado. Escolha outro momento." };
  if (given.prevista_para === null) delete given.prevista_para;
  if (!result) return withoutResult(given, funnel);
  const loss = losing(result, lead, funnel, given) ? await questions.askLoss(funnel, given.etapa) : {};
  const answer = loss && (await answers(result, lead, form, given));
  return answer && { ...given, resultado: result, ...loss, ...answer };
}

// A lead that is lost already stays so.
function losing(result, lead, funnel, given) {
  if (given.etapa && isLost(funnel, given.etapa)) return true;
  return result === "sem_interesse" && !isLost(funnel, lead.etapa);
}

function answers(result, lead, form, given) {
  const phones = phonesOf(lead);
  if (result === "agendou" && !given.prevista_para) return questions.askWhen();
  if (result === "nao_contatar") return questions.askNever(lead);
  if (result === "numero_errado" && phones.length > 1) return questions.askWhich(phones, form.contact());
  return {};
}

async function withoutResult(given, funnel) {
  const { texto, prevista_para: promise, etapa } = given;
  if (!texto && !promise && !etapa) return { error: "Escreva uma anotação, ou toque em um resultado." };
  const lost = isLost(funnel, etapa) ? await questions.askLoss(funnel, etapa) : {};
  return lost && { ...given, tipo: promise ? "tarefa" : "nota", ...lost };
}

// One body has one key until the server has answered: a second try records nothing twice.
function sender(lead, trouble, recorded) {
  let kept = { text: null, key: null };
  let sending = false;
  const send = async (body, result) => {
    if (sending) return;
    sending = true;
    const text = JSON.stringify(body);
    if (kept.text !== text) kept = { text, key: newKey() };
    trouble.replaceChildren(loading("Registrando…"));
    try {
      const done = await post(`/leads/${lead.id}/activities`, body, { key: kept.key });
      keepDraft(lead.id, "");
      recorded(done, result);
    } catch (error) {
      const failure = asFailure(error);
      const again = failure.unanswered || failure.status >= 500;
      if (!again) kept = { text: null, key: null };
      if (failure.codigo === "VALIDACAO") forgetFunnel();
      trouble.replaceChildren(failed(failure, again ? () => send(body, result) : null));
    } finally {
      sending = false;
    }
  };
  return send;
}
