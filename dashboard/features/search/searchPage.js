// A lead by name, company, telephone, e-mail or document.
import { busy, button, field } from "../../core/controls.js";
import { h, heading } from "../../core/dom.js";
import { asFailure, unreachable } from "../../core/failure.js";
import { plural, phone } from "../../core/format.js";
import { notify } from "../../core/notice.js";
import { empty, failed, loading } from "../../core/states.js";
import { isGestor, whoAmI } from "../../core/session.js";
import { bandMark } from "../lead/badges.js";
import { loadFunnel, stageName } from "../lead/funnel.js";
import { find, isName } from "./finding.js";

const PAUSE = 300; // milliseconds between two keys before anything is asked
const SHORTEST = 2;
// What was typed last, for the way back from a lead; names are in no address and no storage.
let last = { person: null, text: "" };

export function searchPage(outlet, { signal }) {
  const me = whoAmI()?.id;
  const box = h("input", { type: "search", autocomplete: "off", spellcheck: "false", enterkeyhint: "search", maxlength: "100" });
  box.value = last.person === me ? last.text : "";
  const results = h("div", { class: "found" });
  const search = searcher(results, signal);
  const typed = (pause) => {
    last = { person: me, text: box.value };
    search(box.value, pause);
  };
  box.addEventListener("input", () => typed(PAUSE));
  const submit = (event) => {
    event.preventDefault();
    typed(0);
  };
  outlet.replaceChildren(
    heading("Buscar leads"),
    h(
      "form",
      { role: "search", onsubmit: submit },
      field("Quem você procura?", box, "Nome, empresa, telefone (ou os últimos 4 dígitos), e-mail, CPF ou CNPJ."),
    ),
    ...(isGestor() ? [exporting(box)] : []),
    results,
  );
  search(box.value, 0);
}

// What asks for it comes when it is asked for.
function exporting(box) {
  const go = button("Exportar leads", { kind: "quiet", drawing: "save" });
  const open = async () => {
    const { askExport } = await import("../export/exportQuestion.js").catch((error) => { throw unreachable(error); });
    await askExport(isName(box.value) ? box.value.trim() : "");
  };
  go.addEventListener("click", () => busy(go, () => open().catch((error) => notify(asFailure(error).sentence))));
  return h("div", { class: "actions" }, go);
}

function searcher(results, signal) {
  let waiting;
  let running = null;
  return (text, pause) => {
    clearTimeout(waiting);
    running?.abort();
    if (text.trim().length < SHORTEST) return results.replaceChildren();
    const turn = new AbortController();
    running = turn;
    signal.addEventListener("abort", () => turn.abort(), { signal: turn.signal });
    waiting = setTimeout(() => show(results, text, turn.signal), pause);
    return undefined;
  };
}

async function show(results, text, signal) {
  results.replaceChildren(loading("Procurando…"));
  try {
    const [found, funnel] = await Promise.all([find(text, signal), loadFunnel()]);
    if (!signal.aborted) results.replaceChildren(...list(found, funnel));
  } catch (error) {
    if (!signal.aborted) results.replaceChildren(failed(error, () => show(results, text, signal)));
  }
}

function list(found, funnel) {
  if (!found.itens.length) {
    return [empty("Ninguém encontrado", "Confira a grafia, ou procure por outro dado. Aparecem os leads que você pode ver.")];
  }
  const more = found.proximo ? " Há mais: escreva algo que os distinga." : "";
  const count = `${plural(found.itens.length, "lead encontrado", "leads encontrados")}.${more}`;
  return [
    h("p", { class: "muted", role: "status" }, count),
    h("ul", { class: "people" }, found.itens.map((lead) => person(lead, funnel))),
  ];
}

function person(lead, funnel) {
  const about = [lead.empresa, lead.telefone && phone(lead.telefone), stageName(funnel, lead.etapa)];
  return h(
    "li",
    {},
    h(
      "a",
      { href: `#/leads/${lead.id}` },
      h("strong", { class: "name" }, lead.nome),
      h("span", { class: "muted" }, about.filter(Boolean).join(" · ")),
      bandMark(lead),
    ),
  );
}
