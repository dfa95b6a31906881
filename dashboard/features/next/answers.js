// What the queue answers when it has no lead for now, and what is shown between two leads.
import { button } from "../../core/controls.js";
import { h, heading } from "../../core/dom.js";
import { icon } from "../../core/icons.js";
import { clock, distance, moment } from "../../core/time.js";

const TOLD = "resposta";

export function emptyQueue(ask) {
  return pause("list", "A fila está vazia", "Não há lead para você agora. Quando chegar um, ou quando vencer um retorno, ele aparece aqui.", [
    again("Ver de novo", ask),
    h("a", { class: "button plain", href: "#/tarefas" }, "Minhas tarefas"),
  ]);
}

export function busyQueue(until, ask) {
  const when = until ? ` Tente de novo às ${clock(until)} (${distance(until)}).` : "";
  return pause("clock", "Todos estão em atendimento", `Há leads, mas agora estão com colegas ou descansando entre duas tentativas.${when}`, [
    again("Tentar de novo", ask),
  ]);
}

export function closedHours(until, ask) {
  const when = until ? ` O próximo horário começa: ${moment(until)}.` : "";
  return pause("clock", "Fora do horário", `A esta hora a equipe não liga para estes leads.${when}`, [
    again("Tentar de novo", ask),
    button("Pedir mesmo assim", { onclick: () => ask(true) }),
  ]);
}

// The button has the focus, so that Enter goes on; what was recorded is read with it.
export function between(title, text, ask, leadId = null) {
  const onward = button("Próximo lead", {
    kind: "primary large",
    drawing: "next",
    onclick: () => ask(),
    "data-focus": true,
    "aria-describedby": TOLD,
  });
  return pause("check", title, text, [
    onward,
    leadId && h("a", { class: "button quiet", href: `#/leads/${leadId}` }, "Abrir o lead"),
  ]);
}

const again = (text, ask) => button(text, { kind: "primary", onclick: () => ask() });

function pause(drawing, title, text, actions) {
  return h(
    "section",
    { class: "pause" },
    h("span", { class: "emblem" }, icon(drawing)),
    heading(title, 1, { id: TOLD }),
    h("p", { class: "lead-in" }, text),
    h("div", { class: "actions" }, actions),
  );
}
