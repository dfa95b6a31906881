// One person of the equipe, and what a gestor can do about them.
import { patch, post } from "../../core/api.js";
import { busy, button } from "../../core/controls.js";
import { h } from "../../core/dom.js";
import { asFailure } from "../../core/failure.js";
import { plural } from "../../core/format.js";
import { notify } from "../../core/notice.js";
import { moment } from "../../core/time.js";
import { askAbsence } from "./absence.js";
import { askCapacity } from "./capacity.js";
import { tellCode } from "./code.js";
import { askLeave } from "./leaving.js";

const ROLES = { gestor: "Gestor", vendedor: "Vendedor" };

export function person(one, others, again) {
  return h(
    "li",
    {},
    h(
      "div",
      {},
      h("strong", { class: "name" }, one.nome),
      h("span", { class: "tag" }, ROLES[one.role] ?? one.role),
      h("p", { class: "muted" }, one.email),
      state(one),
    ),
    h("div", { class: "actions" }, one.ativo ? acts(one, others, again) : back(one, again)),
  );
}

const away = ({ ausente_ate: until }) => until && Date.parse(until) > Date.now();

function state(one) {
  const told = [
    away(one) && `Ausente. Volta: ${moment(one.ausente_ate)}.`,
    one.capacidade !== null && `Recebe até ${plural(one.capacidade, "lead aberto", "leads abertos")}.`,
  ].filter(Boolean);
  return told.length > 0 && h("p", { class: "hint" }, told.join(" "));
}

function acts(one, others, again) {
  const open = (text, question) =>
    button(text, { "aria-label": `${text}: ${one.nome}`, onclick: async () => { if (await question()) again(); } });
  return [
    away(one) ? act("Voltou", one, () => patch(`/users/${one.id}`, { ausente_ate: null }), again) : open("Ausência", () => askAbsence(one, others)),
    open("Limite", () => askCapacity(one)),
    act("Novo código", one, () => renew(one)),
    open("Tirar acesso", () => askLeave(one, others)),
  ];
}

const back = (one, again) => act("Devolver acesso", one, () => patch(`/users/${one.id}`, { ativo: true }), again);

// Ends the person's sessions and password: who asks for a code has forgotten it, or lost a telephone.
async function renew(one) {
  const { codigo_ativacao: code, expira_em: until } = await post(`/users/${one.id}/reset`);
  return tellCode(one, code, until);
}

function act(text, one, work, again = () => undefined) {
  const control = button(text, { "aria-label": `${text}: ${one.nome}` });
  control.addEventListener("click", () =>
    busy(control, async () => {
      try {
        await work();
        again();
      } catch (error) {
        notify(asFailure(error).sentence);
      }
    }),
  );
  return control;
}
