// The funnel of the equipe: its stages named, ordered, added, archived.
import { look } from "../../core/api.js";
import { h, heading } from "../../core/dom.js";
import { fill } from "../../core/states.js";
import { editor } from "./editor.js";

export function stagesPage(outlet, { signal }) {
  const place = h("div", { class: "stages" });
  const show = () =>
    fill(place, {
      wait: "Carregando as etapas…",
      load: () => look("/stages", { signal }),
      show: ({ data, etag }) => editor(data, { etag, again: show }),
      signal,
    });
  outlet.replaceChildren(
    heading("Etapas do funil"),
    h("p", { class: "lead-in" }, "Por onde um lead passa até fechar. O que você muda aqui vale quando salvar."),
    place,
  );
  return show();
}
