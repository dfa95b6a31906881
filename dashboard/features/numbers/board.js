// All that is shown of the figures, made once; other figures come into it.
import { choice } from "../../core/controls.js";
import { h, heading } from "../../core/dom.js";
import { isGestor } from "../../core/session.js";
import { calibrationPart } from "./calibrationPart.js";
import { forecast } from "./forecast.js";
import { funnel } from "./funnel.js";
import { goals } from "./goals.js";
import { sellers, sources } from "./rankings.js";
import { series } from "./series.js";
import { flows, PERIODS, periodsOf, stocks } from "./tiles.js";

const USUAL = PERIODS.at(-1);

export function board(filters, { again, signal }) {
  const periods = periodsOf(filters);
  const moved = flows();
  const standing = stocks();
  let found = null;
  let period = filters.de || filters.ate ? periods[0] : USUAL;
  const choose = (value) => {
    period = periods.find((each) => each.value === value);
    moved.show(found.metrics, period);
  };
  const parts = [goals(again), series(), funnel(), forecast(), isGestor() && sellers(), sources()].filter(Boolean);
  const node = h(
    "div",
    { class: "board" },
    h("section", { class: "moved" }, heading("O que aconteceu", 2), choice("Período", periods, { value: period.value, hidden: true, onchange: choose }).node, moved.node),
    h("section", {}, heading("Como está agora", 2), standing.node),
    parts.map((each) => each.node),
    calibrationPart(signal),
  );
  const show = (all) => {
    found = all;
    moved.show(all.metrics, period);
    standing.show(all.metrics);
    for (const each of parts) each.show(all);
  };
  return { node, show };
}
