// The reservation of a lead: how long it lasts, and that it is over. Which lead is held is kept for a
// reload, as an id and a time.
import { serverNow } from "../../core/api.js";
import { button } from "../../core/controls.js";
import { h } from "../../core/dom.js";
import { icon } from "../../core/icons.js";
import { notify } from "../../core/notice.js";
import { clock } from "../../core/time.js";

const KEY = "finlead.reserva";
const TICK = 10_000; // milliseconds

export function keepLease(leadId, until) {
  sessionStorage.setItem(KEY, JSON.stringify({ lead: leadId, ate: until }));
}

export function forgetLease() {
  sessionStorage.removeItem(KEY);
}

export function holdsLease() {
  const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
  return kept !== null && Date.parse(kept.ate) > serverNow();
}

export function leaseBar(until, askAgain, signal) {
  const text = h("span", {});
  const bar = h("p", { class: "lease" }, icon("clock"), text);
  const tell = () => {
    const minutes = Math.ceil((Date.parse(until) - serverNow()) / 60_000);
    if (minutes <= 0) return lapse();
    text.textContent = `Reservado até ${clock(until)} (${minutes} min)`;
    bar.classList.toggle("soon", minutes <= 3);
    return undefined;
  };
  const lapse = () => {
    clearInterval(ticking);
    bar.classList.add("over");
    text.textContent = "A reserva terminou: outra pessoa pode receber este lead.";
    bar.append(button("Pedir de novo", { onclick: askAgain }));
    notify(text.textContent);
  };
  const ticking = setInterval(tell, TICK);
  signal.addEventListener("abort", () => clearInterval(ticking));
  tell();
  return bar;
}
