// What the model may not look at, and why. A gestor may allow some of it, with a reason that is kept.
import { patch } from "../../core/api.js";
import { button, busy, field } from "../../core/controls.js";
import { ask } from "../../core/dialog.js";
import { h, heading } from "../../core/dom.js";
import { asFailure } from "../../core/failure.js";
import { notify } from "../../core/notice.js";
import { featureName } from "./names.js";

const MAX_REASON = 500;
const LATER = "Vale a partir do próximo treino.";

// `again` shows the page anew.
export function excluded(list, allowed, again) {
  if (!list.length && !allowed.length) return null;
  return h(
    "section",
    { class: "excluded" },
    heading("O que ficou de fora", 2),
    h("ul", { class: "said" }, list.map((each) => item(each, allowed, again))),
    allowed.length > 0 && [
      h("h3", {}, "Permitidos por um gestor"),
      h("ul", { class: "said" }, allowed.map((each) => permitted(each, allowed, again))),
    ],
  );
}

function item({ campo, motivo, permitivel }, allowed, again) {
  const name = featureName(campo);
  const known = allowed.some((each) => each.campo === campo);
  const allow = async () => { if (await askAllow(campo, name, allowed)) again(); };
  return h(
    "li",
    {},
    h("div", {}, h("strong", { class: "name" }, name), h("p", { class: "muted" }, motivo)),
    permitivel && !known && button("Permitir", { onclick: allow, "aria-label": `Permitir ${name}` }),
  );
}

function permitted({ campo, motivo }, allowed, again) {
  const name = featureName(campo);
  const withdraw = button("Retirar", { kind: "quiet", "aria-label": `Retirar a permissão de ${name}` });
  withdraw.addEventListener("click", () =>
    busy(withdraw, async () => {
      try {
        await allowOnly(allowed.filter((each) => each.campo !== campo));
        notify(`Permissão retirada. ${LATER}`);
        again();
      } catch (error) {
        notify(asFailure(error).sentence);
      }
    }),
  );
  return h("li", {}, h("div", {}, h("strong", { class: "name" }, name), h("p", { class: "muted" }, motivo)), withdraw);
}

function askAllow(campo, name, allowed) {
  const reason = h("textarea", { rows: "3", maxlength: MAX_REASON });
  return ask({
    title: `Permitir ${name}?`,
    body: [
      h("p", {}, "O modelo passa a aprender com este dado. O motivo fica registrado com seu nome."),
      field("Motivo", reason),
    ],
    confirm: "Permitir",
    answer: async (complain) => {
      const motivo = reason.value.trim();
      if (!motivo) {
        complain("Escreva o motivo.");
        reason.focus();
        return null;
      }
      await allowOnly([...allowed, { campo, motivo }]);
      notify(`Permitido. ${LATER}`);
      return { campo };
    },
  });
}

const allowOnly = (list) =>
  patch("/equipe", { campos_permitidos: list.map(({ campo, motivo }) => ({ campo, motivo })) });
