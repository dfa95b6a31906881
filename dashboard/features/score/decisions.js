// People decide: whoever sees the lead may ask for a review of its score; a gestor may set another.
import { post, put, remove } from "../../core/api.js";
import { button, busy } from "../../core/controls.js";
import { ask } from "../../core/dialog.js";
import { h } from "../../core/dom.js";
import { asFailure } from "../../core/failure.js";
import { notify } from "../../core/notice.js";
import { once } from "../../core/once.js";
import { isGestor } from "../../core/session.js";
import { readAll, reasonField, scoreField, untilField } from "./fields.js";

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

async function askReview(path) {
  const motivo = reasonField();
  const keyOf = once();
  const done = await ask({
    title: "Pedir revisão do score",
    body: [
      h("p", {}, "Um gestor confere o score deste lead e responde. O score de hoje fica guardado com o pedido."),
      motivo.node,
    ],
    confirm: "Pedir revisão",
    answer: async (complain) => {
      const body = readAll({ motivo }, complain);
      return body && post(`${path}/review`, body, { key: keyOf(body) });
    },
  });
  if (done) notify("Revisão pedida.");
}

function askScore(path, { score, ajuste }) {
  const fields = { score: scoreField(ajuste?.score ?? score), ate: untilField(ajuste?.ate), motivo: reasonField() };
  return ask({
    title: "Ajustar score",
    body: [
      h("p", {}, `As regras dão ${score}. O seu score aparece ao lado, com seu nome, até a data.`),
      Object.values(fields).map((each) => each.node),
    ],
    confirm: "Ajustar",
    answer: async (complain) => {
      const body = readAll(fields, complain);
      if (!body) return null;
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
