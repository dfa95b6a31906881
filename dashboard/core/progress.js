// How far a job of the server is, in `place`, and what it said where it failed.
import { h } from "./dom.js";
import { asFailure } from "./failure.js";
import { figure } from "./format.js";
import { follow } from "./jobs.js";
import { failed } from "./states.js";

const QUEUED = "Na fila…";

// Starts the job with `start` and shows it until it ends; `done(job)` is called when it is done. Where
// nobody knows whether it began, `start` is called again: it sends the same Idempotency-Key.
/** @param {any} about */
export async function work(place, about) {
  const { start, label, done, signal } = about;
  const shown = bar(label);
  place.replaceChildren(shown.node);
  try {
    const job = await follow(await start(), { tell: shown.tell, signal });
    if (signal.aborted) return;
    place.replaceChildren();
    done(job);
  } catch (error) {
    if (signal.aborted) return;
    const failure = asFailure(error);
    const again = failure.unanswered || failure.status >= 500;
    place.replaceChildren(failed(failure, again ? () => work(place, about) : null));
  }
}

function bar(label) {
  const meter = h("progress", { "aria-label": label });
  const count = h("span", { class: "muted" }, QUEUED);
  const tell = (job) => {
    const { feitos, total } = job.progresso ?? {};
    if (total) {
      meter.max = total;
      meter.value = feitos;
    }
    count.textContent = job.estado === "na_fila" ? QUEUED : told(feitos, total);
  };
  const node = h("div", { class: "working" }, h("p", { role: "status" }, label), meter, count);
  return { node, tell };
}

function told(done, total) {
  if (!done) return "Começou.";
  return total ? `${figure(done)} de ${figure(total)}` : `${figure(done)} feitos`;
}
