// The rules of the equipe: what is published, what is being written, what was there before.
import { get, post } from "../../core/api.js";
import { button } from "../../core/controls.js";
import { h, heading } from "../../core/dom.js";
import { underWay } from "../../core/jobs.js";
import { work } from "../../core/progress.js";
import { goTo } from "../../core/router.js";
import { empty, fill } from "../../core/states.js";
import { moment } from "../../core/time.js";
import { plural } from "../../core/format.js";
import { loadReviews, openReviews } from "../reviews/reviews.js";
import { history } from "./history.js";
import { askStart } from "./starting.js";

export function rulesPage(outlet, { signal }) {
  const place = h("div", { class: "rules-page" });
  const show = () =>
    fill(place, {
      wait: "Carregando as regras…",
      load: () => Promise.all([get("/scores/rules", { signal }), loadReviews(signal), underWay("publicar", signal)]),
      show: ([rules, reviews, job]) => shown(rules, reviews, job, { again: show, signal }),
      signal,
    });
  outlet.replaceChildren(heading("Regras do score"), place);
  return show();
}

function shown(rules, reviews, job, { again, signal }) {
  return [job && publication(job, { again, signal }), published(rules), openReviews(reviews, again), drafts(rules), history(rules, { again, signal })];
}

// One that was begun before, here or by another gestor.
function publication(job, { again, signal }) {
  const place = h("div", { class: "trouble" });
  work(place, { start: async () => job, label: "Publicando: os leads recebem seu novo score", done: again, signal });
  return place;
}

function published(rules) {
  const { versao, publicada_em: when, publicada_por: by, regras } = rules;
  const who = by ? ` por ${by.nome}` : "";
  const told = versao ? `Publicadas${who}: ${moment(when)}.` : "São as de fábrica, até você publicar as suas.";
  return h(
    "section",
    { class: "card published" },
    heading(versao ? `Versão ${versao}` : "Regras de fábrica", 2),
    h("p", { class: "muted" }, `${told} ${plural(regras.length, "regra", "regras")}.`),
    h("div", { class: "actions" }, h("a", { class: "button plain", href: `#/regras/versoes/${versao}` }, "Ver as regras")),
  );
}

function drafts(rules) {
  const begin = button("Novo rascunho", { kind: "primary", drawing: "add", onclick: () => start(rules) });
  if (!rules.rascunhos.length) {
    return empty("Nenhum rascunho", "Para mudar as regras, comece um rascunho: dos conjuntos prontos, ou do que está publicado.", begin);
  }
  return h(
    "section",
    { class: "drafts" },
    heading("Rascunhos", 2),
    h("ul", { class: "people" }, rules.rascunhos.map(draft)),
    begin,
  );
}

async function start(rules) {
  const made = await askStart(rules, (body, key) => post("/scores/rules/drafts", body, { key }));
  if (made) goTo(`#/regras/rascunhos/${made.n}`);
}

function draft({ n, atualizado_em: when }) {
  return h(
    "li",
    {},
    h("a", { href: `#/regras/rascunhos/${n}` }, h("strong", {}, `Rascunho ${n}`), h("span", { class: "muted" }, `Mudado: ${moment(when)}`)),
  );
}
