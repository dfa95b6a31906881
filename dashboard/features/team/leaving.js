// Somebody leaves: their sessions end at once, and their leads go to somebody.
import { patch } from "../../core/api.js";
import { field } from "../../core/controls.js";
import { ask } from "../../core/dialog.js";
import { h } from "../../core/dom.js";
import { notify } from "../../core/notice.js";
import { told, whereTo } from "./leads.js";

export function askLeave(one, others) {
  const leads = whereTo(others, "auto");
  return ask({
    title: `Tirar o acesso de ${one.nome}?`,
    body: [
      h("p", {}, "As sessões se encerram na hora. O que a pessoa fez continua na história dos leads."),
      field("Os leads abertos", leads),
    ],
    confirm: "Tirar acesso",
    kind: "danger",
    answer: async () => {
      const changed = await patch(`/users/${one.id}`, { ativo: false, leads: told(leads) });
      notify(changed.trabalho ? "Acesso retirado. Os leads estão passando adiante." : "Acesso retirado.");
      return changed;
    },
  });
}
