// What can be done with a draft: save, simulate, publish, throw away. To simulate or publish saves first.
import { post, put, remove } from "../../core/api.js";
import { button, busy } from "../../core/controls.js";
import { ask } from "../../core/dialog.js";
import { h } from "../../core/dom.js";
import { asFailure } from "../../core/failure.js";
import { isJob } from "../../core/jobs.js";
import { notify } from "../../core/notice.js";
import { once } from "../../core/once.js";
import { work } from "../../core/progress.js";
import { goTo } from "../../core/router.js";
import { failed, loading } from "../../core/states.js";
import { simulation } from "./simulation.js";
import { bodyOf } from "./unsaved.js";

/** @param {any} about */
export function draftActions({ n, kept, page, signal }) {
  const path = `/scores/rules/drafts/${n}`;
  const state = h("p", { class: "hint", role: "status" });
  const trouble = h("div", { class: "trouble" });
  const result = h("div", { class: "outcome-of" });
  const tell = () => { state.textContent = kept.dirty ? "Há mudanças por salvar." : "Tudo salvo."; };

  // Whether it is saved; what was refused is told beside its field.
  async function save() {
    trouble.replaceChildren();
    page.clear();
    const body = bodyOf(kept.definition);
    try {
      const { avisos } = await put(path, body, { signal });
      kept.saved(body);
      page.warn(avisos ?? []);
      tell();
      return true;
    } catch (error) {
      if (!signal.aborted) refused(asFailure(error));
      return false;
    }
  }

  function refused(failure) {
    if (failure.codigo !== "VALIDACAO") return trouble.replaceChildren(failed(failure, save));
    const others = page.refuse(failure.erros);
    const told = h("p", { class: "wrong", role: "alert" }, failure.message, " ", others.join(" "));
    return trouble.replaceChildren(told);
  }

  async function simulate() {
    if (kept.dirty && !(await save())) return;
    result.replaceChildren(loading("Simulando…"));
    try {
      const found = await post(`${path}/simulate`, null, { signal });
      if (isJob(found)) await work(result, { start: async () => found, label: "Simulando", done: (job) => show(job.resultado), signal });
      else show(found);
    } catch (error) {
      if (!signal.aborted) result.replaceChildren(failed(error, simulate));
    }
  }

  function show(found) {
    result.replaceChildren(simulation(found));
    result.querySelector("h2").focus();
  }

  async function publish() {
    if (kept.dirty && !(await save())) return;
    if (!(await askPublish())) return;
    const keyOf = once();
    const start = () => post(`${path}/publish`, null, { key: keyOf(n) });
    await work(result, { start, label: "Publicando: os leads recebem seu novo score", done: published, signal });
  }

  function published({ resultado }) {
    const later = resultado?.substituida_por;
    kept.forget();
    notify(later ? `Publicadas; depois veio a versão ${later}, que é a que vale.` : "Regras publicadas.");
    goTo("#/regras");
  }

  async function drop() {
    if (!(await askDrop(n, () => remove(path)))) return;
    kept.forget();
    notify("Rascunho excluído.");
    goTo("#/regras");
  }

  const act = (text, options, act_) => {
    const control = button(text, options);
    control.addEventListener("click", () => busy(control, act_));
    return control;
  };
  const saved = async () => { if (await save()) notify("Rascunho salvo."); };
  const node = h(
    "div",
    { class: "draft-acts" },
    state,
    trouble,
    h(
      "div",
      { class: "actions" },
      act("Salvar", { drawing: "check" }, saved),
      act("Simular", { drawing: "chart" }, simulate),
      act("Publicar", { kind: "primary", drawing: "next" }, publish),
    ),
    result,
    act("Excluir rascunho", { kind: "quiet", drawing: "wrong" }, drop),
  );
  return { node, tell };
}

function askPublish() {
  return ask({
    title: "Publicar estas regras?",
    body: h("p", {}, "Elas valem de imediato para quem entra ou muda. Os outros leads recebem seu novo score em seguida, e a fila muda com eles. Você pode voltar à versão de antes."),
    confirm: "Publicar",
    answer: () => ({}),
  });
}

function askDrop(n, gone) {
  return ask({
    title: `Excluir o rascunho ${n}?`,
    body: h("p", {}, "O que está publicado fica como está."),
    confirm: "Excluir",
    kind: "danger",
    answer: async () => {
      await gone();
      return {};
    },
  });
}
