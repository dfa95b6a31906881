// A lead with all that a conversation needs; the page of the queue and the lead's own share it.
import { h } from "../../core/dom.js";
import { scoreSection } from "../score/scoreSection.js";
import { contacts } from "./contacts.js";
import { facts } from "./facts.js";
import { leadHead, reasons } from "./head.js";
import { outcome } from "./outcome.js";
import { timeline } from "./timeline.js";

// `above` and `below` stand around what is recorded: the reservation and its ends.
/** @param {any} about */
export function leadView(about) {
  const { lead, funnel, motivos, above, below, recorded, signal } = about;
  const what = outcome(lead, funnel, recorded);
  return h(
    "article",
    { class: "lead" },
    h(
      "div",
      { class: "talk" },
      above,
      leadHead(lead, funnel),
      reasons(motivos),
      contacts(lead, what.used),
      what.node,
      below,
    ),
    h("div", { class: "known" }, facts(lead), scoreSection(lead, signal), timeline(lead.id, signal)),
  );
}
