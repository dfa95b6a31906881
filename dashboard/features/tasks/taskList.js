// Promises in the order of their time, under the heading of when they are due.
import { patch, serverNow } from "../../core/api.js";
import { busy, button } from "../../core/controls.js";
import { h, heading } from "../../core/dom.js";
import { asFailure } from "../../core/failure.js";
import * as format from "../../core/format.js";
import { icon } from "../../core/icons.js";
import { notify } from "../../core/notice.js";
import { clock, daysUntil, distance, moment } from "../../core/time.js";
import { kindOf } from "../../core/words.js";
import { bandMark } from "../lead/badges.js";

const GROUPS = [
  { key: "late", title: "Atrasadas", has: (iso) => Date.parse(iso) < serverNow() },
  { key: "today", title: "Hoje", has: (iso) => daysUntil(iso) === 0 },
  { key: "week", title: "Próximos 7 dias", has: (iso) => daysUntil(iso) <= 7 },
  { key: "later", title: "Depois", has: () => true },
];

// Adds tasks to the groups that `place` has, or to new ones.
export function addTasks(place, tasks, changed) {
  for (const task of tasks) {
    const group = GROUPS.find((each) => each.has(task.prevista_para));
    groupIn(place, group).append(item(task, group.key, changed));
  }
}

function groupIn(place, { key, title }) {
  const there = place.querySelector(`[data-group="${key}"] ul`);
  if (there) return there;
  const list = h("ul", {});
  place.append(h("section", { class: `tasks ${key}`, "data-group": key }, heading(title, 2), list));
  return list;
}

function item(task, group, changed) {
  const { lead } = task;
  const kind = kindOf(task.tipo);
  const due = task.prevista_para;
  const when = group === "late" ? `${moment(due)} (${distance(due)})` : group === "today" ? clock(due) : moment(due);
  return h(
    "li",
    { class: "task" },
    h(
      "a",
      { class: "open", href: `#/leads/${lead.id}` },
      h("span", { class: "when" }, icon(kind.icon), h("time", { datetime: due }, when)),
      h("strong", { class: "name" }, lead.nome),
      task.texto && h("span", { class: "muted clip" }, task.texto),
      bandMark(lead),
    ),
    h("div", { class: "act" }, call(lead), done(task, changed)),
  );
}

function call(lead) {
  if (!lead.telefone) return null;
  const label = `Ligar para ${lead.nome}: ${format.phone(lead.telefone)}`;
  const href = format.telLink(lead.telefone);
  return h("a", { class: "button plain square", href, "aria-label": label }, icon("phone"));
}

function done(task, changed) {
  const label = `Concluir: ${task.lead.nome}`;
  const tick = button("Concluir", { kind: "plain square", drawing: "check", "aria-label": label });
  tick.addEventListener("click", () => busy(tick, () => conclude(task, changed)));
  return tick;
}

async function conclude(task, changed) {
  try {
    // A second back: what is said in seconds may be ahead by one.
    const now = new Date(serverNow() - 1000).toISOString();
    await patch(`/activities/${task.id}`, { concluida_em: now });
    notify(`Concluída: ${task.lead.nome}.`);
    changed();
  } catch (error) {
    notify(asFailure(error).sentence);
  }
}
