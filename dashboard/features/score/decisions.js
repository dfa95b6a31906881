// People decide: whoever sees the lead may ask for a review of its score; a gestor may set another.
import { post, put, remove } from "../../core/api.js";
import { button, busy, field } from "../../core/controls.js";
import { ask } from "../../core/dialog.js";
import { h } from "../../core/dom.js";
import { asFailure } from "../../core/failure.js";
import { notify } from "../../core/notice.js";
import { once } from "../../core/once.js";
import { isGestor } from "../../core/session.js";
import { atHour, toInstant, toLocal } from "../../core/time.js";

const MAX_REASON = 1000;
const USUAL_DAYS = 30;

// `changed` is called when the server has it.
export function decisions(lead, score, changed) {
  const path = `/leads/${lead.id}/score`;
  const review = button("Pedir revisão", { drawing: "people", onclick: () => askReview(path) });
  if (!isGestor()) return h("div", { class: "actions" }, review);
  const adjust = button("Ajustar score", {
    drawing: "rules",
    onclick: async () => { if (await askScore(path, score)) changed(); },
  });
  return h("div", { class: "actions" }, review, adjust, score.ajuste && undo(path, changed));
}

function reasonField() {
  return h("textarea", { rows: "3", maxlength: MAX_REASON, required: true });
}

async function askReview(path) {
  const reason = reasonField();
  const keyOf = once();
  const done = await ask({
    title: "Pedir revisão do score",
    body: [
      h("p", {}, "Um gestor confere o score deste lead e responde. O score de hoje fica guardado com o pedido."),
      field("Motivo", reason),
    ],
    confirm: "Pedir revisão",
    answer: async (complain) => {
      const motivo = said(reason, complain);
      return motivo && post(`${path}/review`, { motivo }, { key: keyOf({ motivo }) });
    },
  });
  if (done) notify("Revisão pedida.");
}

function askScore(path, { score, ajuste }) {
  const number = h("input", { type: "number", min: "0", max: "100", step: "1", inputmode: "numeric", value: ajuste?.score ?? score });
  const until = h("input", { type: "datetime-local", min: toLocal(Date.now()), value: toLocal(ajuste?.ate ?? atHour(USUAL_DAYS, 18)) });
  const reason = reasonField();
  return ask({
    title: "Ajustar score",
    body: [
      h("p", {}, `As regras dão ${score}. O seu score aparece ao lado, com seu nome, até a data.`),
      field("Score, de 0 a 100", number),
      field("Vale até", until),
      field("Motivo", reason),
    ],
    confirm: "Ajustar",
    answer: async (complain) => {
      const body = { score: wholeScore(number, complain), ate: later(until, complain), motivo: said(reason, complain) };
      if (Object.values(body).includes(null)) return null;
      await put(`${path}/override`, body);
      notify(`Score ajustado para ${body.score}.`);
      return body;
    },
  });
}

function undo(path, changed) {
  const control = button("Retirar ajuste", { kind: "quiet" });
  control.addEventListener("click", () =>
    busy(control, async () => {
      try {
        await remove(`${path}/override`);
        notify("Ajuste retirado.");
        changed();
      } catch (error) {
        notify(asFailure(error).sentence);
      }
    }),
  );
  return control;
}

// Each is null after it has said what is missing, with the focus on it.
function said(control, complain) {
  return control.value.trim() || missing(control, complain, "Escreva o motivo.");
}

function wholeScore(control, complain) {
  const score = Number(control.value);
  const fits = control.value !== "" && Number.isInteger(score) && score >= 0 && score <= 100;
  return fits ? score : missing(control, complain, "O score vai de 0 a 100.");
}

function later(control, complain) {
  const instant = toInstant(control.value);
  const fits = instant && Date.parse(instant) > Date.now();
  return fits ? instant : missing(control, complain, "Escolha um momento que ainda não passou.");
}

function missing(control, complain, text) {
  complain(text);
  control.focus();
  return null;
}
