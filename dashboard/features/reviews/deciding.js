// The answer to a review: the score stays, or it was wrong and another counts for a while.
import { patch } from "../../core/api.js";
import { choice } from "../../core/controls.js";
import { ask } from "../../core/dialog.js";
import { h } from "../../core/dom.js";
import { notify } from "../../core/notice.js";
import { readAll, reasonField, scoreField, untilField } from "../score/fields.js";

const KEPT = "mantida";
const CORRECTED = "corrigida";
const STATES = [
  { value: KEPT, name: "O score fica" },
  { value: CORRECTED, name: "Corrigir o score" },
];

export function askDecision({ id, lead_id: lead, contestado }) {
  const answer = reasonField("Resposta", "Escreva a resposta.");
  const correction = { score: scoreField(contestado.score), ate: untilField() };
  const other = h("div", { class: "side-by-side", hidden: true }, Object.values(correction).map((each) => each.node));
  const state = choice("Decisão", STATES, { value: KEPT, onchange: (value) => { other.hidden = value !== CORRECTED; } });
  return ask({
    title: `Revisão do lead ${lead}`,
    body: [state.node, other, answer.node],
    confirm: "Responder",
    answer: async (complain) => {
      const corrected = state.chosen() === CORRECTED;
      const ajuste = corrected ? readAll(correction, complain) : undefined;
      const said = ajuste === null ? null : readAll({ resposta: answer }, complain);
      if (!said) return null;
      await patch(`/scores/reviews/${id}`, { estado: state.chosen(), ...said, ajuste });
      notify("Revisão respondida.");
      return said;
    },
  });
}
