// The versions that were published, newest first, each a way back.
import { post } from "../../core/api.js";
import { button } from "../../core/controls.js";
import { ask } from "../../core/dialog.js";
import { h, heading } from "../../core/dom.js";
import { plural } from "../../core/format.js";
import { notify } from "../../core/notice.js";
import { once } from "../../core/once.js";
import { work } from "../../core/progress.js";
import { moment } from "../../core/time.js";

export function history(rules, { again, signal }) {
  if (!rules.historico.length) return null;
  const place = h("div", { class: "trouble", role: "status" });
  const back = async (versao) => {
    if (!(await askBack(versao))) return;
    const keyOf = once();
    const start = () => post("/scores/rules/rollback", { versao }, { key: keyOf({ versao }) });
    const done = () => {
      notify(`As regras da versão ${versao} valem de novo.`);
      again();
    };
    await work(place, { start, label: `Voltando à versão ${versao}`, done, signal });
  };
  return h(
    "section",
    { class: "history" },
    heading("Histórico", 2),
    place,
    h("ol", {}, rules.historico.map((each) => version(each, rules.versao, back))),
  );
}

function version({ versao, publicada_em: when, publicada_por: by, origem_versao: origin, regras }, current, back) {
  const who = by ? `${by.nome}, ` : "";
  const again = origin !== null && origin !== undefined ? ` Igual à versão ${origin}.` : "";
  return h(
    "li",
    {},
    h(
      "div",
      {},
      h("strong", {}, `Versão ${versao}`, versao === current && h("span", { class: "tag" }, "publicada")),
      h("p", { class: "muted" }, `${who}${when ? moment(when) : ""}. ${plural(regras, "regra", "regras")}.${again}`),
    ),
    h(
      "div",
      { class: "actions" },
      h("a", { class: "button quiet", href: `#/regras/versoes/${versao}`, "aria-label": `Ver a versão ${versao}` }, "Ver"),
      versao !== current && button("Voltar a esta versão", { onclick: () => back(versao), "aria-label": `Voltar a esta versão: ${versao}` }),
    ),
  );
}

function askBack(versao) {
  return ask({
    title: `Voltar à versão ${versao}?`,
    body: h("p", {}, "Ela é publicada de novo, como uma versão nova. Os leads recebem seu score em seguida."),
    confirm: "Voltar a esta versão",
    answer: () => ({}),
  });
}
