// The model card: what is learned from the equipe's closed leads, how good it is, and what it left out.
import { get } from "../../core/api.js";
import { h, heading } from "../../core/dom.js";
import { fill } from "../../core/states.js";
import { calibration } from "./calibration.js";
import { drift } from "./drift.js";
import { excluded } from "./excluded.js";
import { fieldTables } from "./fieldTables.js";
import { figures } from "./figures.js";
import { groups } from "./groups.js";
import { latest } from "./latest.js";
import { rate } from "./rate.js";
import { standing } from "./standing.js";
import { training } from "./training.js";

export function modelPage(outlet, { signal }) {
  const place = h("div", { class: "model-page" });
  const show = () =>
    fill(place, {
      wait: "Carregando o modelo…",
      load: () => Promise.all([get("/scores/model", { signal }), get("/equipe", { signal })]),
      show: ([model, team]) => shown(model, team, show),
      signal,
    });
  const train = training(show, signal);
  outlet.replaceChildren(
    heading("Modelo"),
    h("p", { class: "lead-in" }, "A chance de fechar é aprendida com os leads que a equipe já fechou. Ela ordena a fila e nunca recusa ninguém."),
    place,
    train,
  );
  return show();
}

function shown(model, team, again) {
  return [
    standing(model),
    figures(model),
    latest(model.ultimos),
    calibration(model.calibracao ?? []),
    fieldTables(model.campos ?? []),
    excluded(model.excluidos ?? [], team.campos_permitidos ?? [], again),
    groups(model.grupos ?? []),
    drift(model.deriva ?? []),
    rate(team.taxa_ganho, again),
  ];
}
