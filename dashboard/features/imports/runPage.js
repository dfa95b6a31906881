// One import: how far it is, then what came of it.
import { get, post } from "../../core/api.js";
import { busy, button } from "../../core/controls.js";
import { h, heading } from "../../core/dom.js";
import { asFailure } from "../../core/failure.js";
import { figure } from "../../core/format.js";
import { notify } from "../../core/notice.js";
import { poll } from "../../core/poll.js";
import { fill } from "../../core/states.js";
import { report } from "./report.js";
import { ENDED } from "./words.js";

const EVERY = 700; // milliseconds

export function runPage(outlet, { id, signal }) {
  const place = h("div", { class: "imports" });
  const load = () => get(`/imports/${id}`, { signal });
  const show = (run) => (ENDED.has(run.estado) ? report(run, { again, signal }) : underWay(run));
  const again = () => fill(place, { wait: "Carregando a importação…", load, show, signal });

  function underWay(run) {
    const shown = bar(run, () => post(`/imports/${id}/cancel`));
    const turn = new AbortController();
    signal.addEventListener("abort", () => turn.abort(), { signal: turn.signal });
    poll(() => look(shown, turn), { every: EVERY, signal: turn.signal });
    return shown.node;
  }

  // The import goes on without this page: a look that fails is no news of it.
  async function look(shown, turn) {
    try {
      const run = await load();
      if (signal.aborted) return true;
      shown.tell(run);
      if (ENDED.has(run.estado)) {
        turn.abort();
        again();
      }
      return true;
    } catch {
      return false;
    }
  }

  outlet.replaceChildren(heading(`Importação ${id}`), place, h("div", { class: "actions" }, h("a", { class: "button quiet", href: "#/importar" }, "Todas as importações")));
  return again();
}

function bar(run, cancel) {
  const meter = h("progress", { "aria-label": "Linhas importadas" });
  const count = h("p", { class: "muted" });
  const stop = button("Cancelar", { kind: "quiet" });
  stop.addEventListener("click", () =>
    busy(stop, async () => {
      try {
        await cancel();
        notify("Cancelamento pedido. O que já foi gravado fica.");
      } catch (error) {
        notify(asFailure(error).sentence);
      }
    }),
  );
  const tell = (now) => {
    const { feitos, total } = now.progresso;
    if (total) {
      meter.max = total;
      meter.value = feitos;
    }
    count.textContent = told(now);
  };
  tell(run);
  return { node: h("div", { class: "working" }, heading("Importando", 2), meter, count, h("div", { class: "actions" }, stop)), tell };
}

function told({ estado, progresso, linhas_por_segundo: rate, restante_s: left }) {
  if (estado === "na_fila") return "Na fila…";
  const parts = [progresso.total ? `${figure(progresso.feitos)} de ${figure(progresso.total)} linhas` : `${figure(progresso.feitos)} linhas`];
  if (rate) parts.push(`${figure(rate)} por segundo`);
  if (left) parts.push(left < 90 ? `faltam ${left} s` : `faltam ${Math.round(left / 60)} min`);
  return `${parts.join(", ")}.`;
}
