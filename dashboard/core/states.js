// What a view shows instead of its data: loading, nothing there, something wrong.
import { button } from "./controls.js";
import { h, heading, swap } from "./dom.js";
import { asFailure } from "./failure.js";

export function loading(text) {
  const bars = Array.from({ length: 3 }, () => h("span", { class: "bar" }));
  return h(
    "div",
    { class: "loading", role: "status" },
    h("p", {}, text),
    h("div", { "aria-hidden": "true" }, bars),
  );
}

export function empty(title, text, ...actions) {
  return h(
    "div",
    { class: "state" },
    heading(title, 2),
    h("p", {}, text),
    actions.length > 0 && h("div", { class: "actions" }, actions),
  );
}

export function failed(error, retry) {
  const failure = asFailure(error);
  const again = button("Tentar de novo", { kind: "primary", onclick: retry });
  return h(
    "div",
    { class: "state failed", role: "alert", "data-unanswered": failure.unanswered },
    h("p", {}, failure.sentence),
    failure.requestId && h("p", { class: "code" }, "Código para o suporte: ", failure.requestId),
    retry && h("div", { class: "actions" }, again),
  );
}

// Shows that something is on its way, then `show(data)` or what went wrong, with another try. What
// failed for want of a connection is tried again by itself when there is one.
// `title` is the heading meanwhile, where the data bring the view's own.
/** @param {any} about */
export async function fill(outlet, about) {
  const { title, wait, load, show, signal } = about;
  const again = () => fill(outlet, about);
  const meanwhile = (state) => swap(outlet, title && heading(title), state);
  meanwhile(loading(wait));
  try {
    const data = await load();
    if (!signal.aborted) swap(outlet, show(data));
  } catch (error) {
    if (signal.aborted) return;
    const failure = asFailure(error);
    const told = failed(failure, again);
    meanwhile(told);
    // Unless the person has tried again already.
    const online = () => told.isConnected && again();
    if (failure.unanswered) window.addEventListener("online", online, { once: true, signal });
  }
}
