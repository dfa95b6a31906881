// "Who do I call next?": one button asks the queue, the lead comes with its reasons and is reserved.
import { get, post } from "../../core/api.js";
import { button } from "../../core/controls.js";
import { h, heading, swap } from "../../core/dom.js";
import { asFailure } from "../../core/failure.js";
import { plural } from "../../core/format.js";
import { failed, fill } from "../../core/states.js";
import { clock, moment } from "../../core/time.js";
import { resultName } from "../../core/words.js";
import { loadFunnel } from "../lead/funnel.js";
import { leadView } from "../lead/leadView.js";
import { askSkip } from "../lead/questions.js";
import { between, busyQueue, closedHours, emptyQueue } from "./answers.js";
import { forgetLease, holdsLease, keepLease, leaseBar } from "./lease.js";

export function nextPage(outlet, { signal }) {
  const page = { outlet, signal, turn: null, ask: (outOfHours = false) => ask(page, outOfHours) };
  // Asking again returns the lead that is held.
  if (holdsLease()) return page.ask();
  return outlet.replaceChildren(start(page));
}

function start({ ask, signal }) {
  const day = h("p", { class: "day" });
  showDay(day, signal);
  return h(
    "section",
    { class: "pause" },
    heading("Próximo lead"),
    h("p", { class: "lead-in" }, "O painel escolhe com quem vale mais falar agora e reserva o lead para você."),
    h(
      "div",
      { class: "actions" },
      button("Próximo lead", { kind: "primary large", drawing: "next", onclick: () => ask() }),
    ),
    day,
  );
}

// The day at a glance; without it the page works as well.
async function showDay(place, signal) {
  try {
    const { contagem } = await get("/tasks", { query: { limite: 1 }, signal });
    if (contagem.atrasadas + contagem.hoje === 0) return;
    const late = plural(contagem.atrasadas, "retorno atrasado", "retornos atrasados");
    if (contagem.atrasadas) place.append(h("a", { href: "#/tarefas", class: "late" }, late));
    if (contagem.hoje) place.append(h("a", { href: "#/tarefas" }, `${contagem.hoje} para hoje`));
  } catch (error) {
    if (!signal.aborted) asFailure(error);
  }
}

// Each lead has a turn, whose clock and pending calls end with it.
function newTurn(page) {
  page.turn?.abort();
  const turn = new AbortController();
  page.signal.addEventListener("abort", () => turn.abort(), { signal: turn.signal });
  page.turn = turn;
  return turn.signal;
}

function ask(page, outOfHours) {
  const signal = newTurn(page);
  const body = outOfHours ? { fora_do_horario: true } : {};
  return fill(page.outlet, {
    title: "Próximo lead",
    wait: "Procurando o próximo lead…",
    load: () => Promise.all([post("/queue/next", body, { signal }), loadFunnel()]),
    show: ([answer, funnel]) => shown(page, answer, funnel, signal),
    signal,
  });
}

function shown(page, answer, funnel, signal) {
  if (answer.situacao === "lead") return held(page, answer, funnel, signal);
  forgetLease();
  if (answer.situacao === "ocupada") return busyQueue(answer.tentar_em, page.ask);
  if (answer.situacao === "fora_do_horario") return closedHours(answer.tentar_em, page.ask);
  return emptyQueue(page.ask);
}

function held(page, { lead, motivos, reserva_ate: until }, funnel, signal) {
  keepLease(lead.id, until);
  return leadView({
    lead,
    funnel,
    motivos,
    above: leaseBar(until, () => page.ask(), signal),
    below: ends(page, lead),
    recorded: (done, result) => finish(page, told(result), about(done.lead), lead.id),
    signal,
  });
}

function ends(page, lead) {
  const trouble = h("div", { class: "trouble" });
  const skip = async () => {
    const answer = await askSkip();
    if (answer) await end(page, trouble, "/queue/skip", answer, skipped);
  };
  const release = () => end(page, trouble, `/leads/${lead.id}/release`, null, released);
  return h(
    "div",
    { class: "ends" },
    button("Pular", { kind: "quiet", onclick: skip }),
    button("Devolver à fila", { kind: "quiet", onclick: release }),
    trouble,
  );
}

async function end(page, trouble, path, body, words) {
  trouble.replaceChildren();
  try {
    const [title, text] = words(await post(path, body));
    finish(page, title, text);
  } catch (error) {
    trouble.replaceChildren(failed(error));
  }
}

const skipped = ({ livre_em: free }) => ["Lead pulado", free ? `Volta à fila às ${clock(free)}.` : "Volta à fila depois."];
const released = () => ["Lead devolvido", "Está livre para quem pedir o próximo."];
const told = (result) => (result ? `Registrado: ${resultName(result)}` : "Salvo");

function about({ nome, proximo_contato_em: next }) {
  return next ? `${nome}. Próximo contato: ${moment(next)}.` : `${nome}.`;
}

function finish(page, title, text, leadId = null) {
  newTurn(page);
  forgetLease();
  if (page.signal.aborted) return;
  swap(page.outlet, between(title, text, page.ask, leadId));
}
