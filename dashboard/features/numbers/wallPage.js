// The figures on a screen on the wall: large, no controls, as long as it is left alone.
import { h, heading } from "../../core/dom.js";
import { goTo } from "../../core/router.js";
import { isGestor, whoAmI } from "../../core/session.js";
import { fill } from "../../core/states.js";
import { asker } from "./asking.js";
import { keptFilters } from "./filters.js";
import { goals } from "./goals.js";
import { sellers } from "./rankings.js";
import { series } from "./series.js";
import { standing } from "./standing.js";
import { flows, PERIODS, stocks } from "./tiles.js";
import { watch } from "./watching.js";

const [TODAY, , MONTH] = PERIODS;
const NOW = ["Abertos", "Valor em aberto", "Conversão", "Retornos atrasados"];

export function wallPage(outlet, { signal }) {
  const place = h("div", { class: "wall" });
  const state = standing();
  const filters = keptFilters();
  const shown = wall(state, filters);
  const ask = asker(filters);
  const look = () => ask(signal);
  outlet.replaceChildren(place);
  wholeScreen(signal);
  fill(place, { title: "Números", wait: "Carregando os números…", load: look, show: shown.show, signal });
  return watch(look, { show: (found) => place.replaceChildren(...shown.show(found)), tell: state.tell, signal });
}

function wall(state, filters) {
  const today = flows();
  const month = flows();
  const now = stocks(NOW);
  const parts = [goals(() => undefined), series(), isGestor() && sellers()].filter(Boolean);
  const nodes = [
    h("header", {}, heading(whoAmI()?.equipe ?? "Números"), state.node, h("a", { class: "button plain leave", href: "#/numeros" }, "Voltar aos números")),
    h("section", {}, heading("Hoje", 2), today.node),
    h("section", {}, heading("30 dias", 2), month.node),
    h("section", {}, heading("Agora", 2), now.node),
    h("div", { class: "wall-parts" }, parts.map((each) => each.node)),
  ];
  const show = (found) => {
    today.show(found.metrics, TODAY);
    month.show(found.metrics, MONTH);
    now.show(found.metrics);
    for (const each of parts) each.show(found);
    state.heard(found.metrics, filters);
    return nodes;
  };
  return { show };
}

// As far as the browser lets it: a reload, or an address that was typed, is no press of a button.
function wholeScreen(signal) {
  const root = document.documentElement;
  root.classList.add("on-wall");
  if (navigator.userActivation?.isActive) root.requestFullscreen?.().catch(() => undefined);
  const left = () => { if (!document.fullscreenElement) goTo("#/numeros"); };
  document.addEventListener("fullscreenchange", left, { signal });
  document.addEventListener("keydown", ({ key }) => key === "Escape" && goTo("#/numeros"), { signal });
  signal.addEventListener("abort", () => {
    root.classList.remove("on-wall");
    if (document.fullscreenElement) document.exitFullscreen();
  });
}
