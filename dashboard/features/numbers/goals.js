// The goals of the month: how far, and where the month ends if it goes on like this.
import { button } from "../../core/controls.js";
import { h, heading } from "../../core/dom.js";
import { figure, percent, plural } from "../../core/format.js";
import { isGestor } from "../../core/session.js";
import { wholeMoney } from "./amounts.js";
import { askGoal } from "./goalQuestion.js";

// `again()` asks for the figures anew.
export function goals(again) {
  const list = h("ul", { class: "goals" });
  const days = h("p", { class: "hint" });
  const ask = async (goal = null) => { if (await askGoal(goal)) again(); };
  const add = isGestor() && h("div", { class: "actions" }, button("Definir meta", { drawing: "add", onclick: () => ask() }));
  const node = h("section", { class: "part goals-of" }, heading("Metas do mês", 2), days, list, add);
  const show = ({ goals: { metas, dias_uteis_restantes: left } }) => {
    days.textContent = metas.length ? `${left === 1 ? "Falta 1 dia útil" : `Faltam ${left} dias úteis`}, hoje incluído.` : "Nenhuma meta para este mês.";
    keepFocus(list, () => list.replaceChildren(...metas.map((goal) => line(goal, ask))));
  };
  return { node, show };
}

// Whoever was at a goal's button stays there when other figures come.
function keepFocus(list, change) {
  const label = list.contains(document.activeElement) ? document.activeElement.getAttribute("aria-label") : null;
  change();
  if (label) list.querySelector(`[aria-label="${CSS.escape(label)}"]`)?.focus();
}

export const goalName = ({ responsavel_id: owner, nome, produto }) => [owner === null ? "Equipe" : nome, produto].filter(Boolean).join(", ");

function line(goal, ask) {
  const name = goalName(goal);
  const { valor, ganhos, realizado, ritmo } = goal;
  return h(
    "li",
    {},
    h("h3", { class: "name" }, name),
    valor !== null && progress(`${name}, valor`, Number(realizado.valor), Number(valor), wholeMoney, ritmo?.valor),
    ganhos !== null && progress(`${name}, ganhos`, realizado.ganhos, ganhos, wins, ritmo?.ganhos),
    isGestor() && button("Mudar", { kind: "quiet", "aria-label": `Mudar a meta: ${name}`, onclick: () => ask(goal) }),
  );
}

const wins = (count) => plural(Math.round(count), "ganho", "ganhos");

function progress(label, done, goal, text, pace) {
  const share = goal > 0 ? percent(done / goal) : "";
  return h(
    "div",
    { class: "goal" },
    h("p", {}, h("strong", {}, text(done)), ` de ${goal === Math.round(goal) && text === wins ? figure(goal) : text(goal)}`, share && ` (${share})`),
    h("progress", { max: Math.max(goal, 1), value: Math.min(done, Math.max(goal, 1)), "aria-label": label }),
    pace !== undefined && pace !== null && h("p", { class: "hint" }, `Neste ritmo, o mês termina com ${text(pace)}.`),
  );
}
