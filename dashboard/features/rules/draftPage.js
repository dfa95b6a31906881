// A draft of the rules: written, tried on the equipe's leads, published.
import { get } from "../../core/api.js";
import { h, heading } from "../../core/dom.js";
import { fill } from "../../core/states.js";
import { loadFunnel } from "../lead/funnel.js";
import { draftActions } from "./draftActions.js";
import { editor } from "./editor.js";
import { unsaved } from "./unsaved.js";

export function draftPage(outlet, { id, signal }) {
  return fill(outlet, {
    title: "Rascunho de regras",
    wait: "Abrindo o rascunho…",
    load: () => Promise.all([get(`/scores/rules/drafts/${id}`, { signal }), loadFunnel()]),
    show: ([draft, funnel]) => shown(draft, funnel, signal),
    signal,
  });
}

function shown(draft, funnel, signal) {
  const kept = unsaved(draft);
  const page = editor(kept.definition, { funnel, changed: () => { kept.touch(); acts.tell(); } });
  const acts = draftActions({ n: draft.n, kept, page, signal });
  page.warn(draft.avisos ?? []);
  acts.tell();
  return h(
    "div",
    { class: "draft" },
    heading(`Rascunho ${draft.n}`),
    h("p", { class: "lead-in" }, "Nada muda para os leads até publicar. Simule antes para ver quem sobe e quem desce."),
    page.node,
    acts.node,
  );
}
