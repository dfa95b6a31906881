// Day by day: how many leads came, how many were won.
import { figure, money } from "../../core/format.js";
import { svg } from "../../core/svg.js";
import { table } from "../../core/tables.js";
import { shortCount } from "./amounts.js";
import { drawing, scale } from "./drawing.js";
import { part } from "./part.js";

const MOST = 62; // bars that can be told apart
const NAME = 64; // pixels that the name of a day takes, with room beside it
const EDGE = { left: 36, right: 4, top: 10, bottom: 24 };
const DAY = new Intl.DateTimeFormat("pt-BR", { timeZone: "UTC", day: "numeric", month: "short" });
const HINT = "Cinza: leads novos. Verde: ganhos.";

const dayText = (day) => DAY.format(new Date(`${day}T00:00Z`));

export function series() {
  const made = part({ title: "Dia a dia", hint: HINT, kind: "series", drawn: seriesChart(), table: inFigures });
  const show = ({ metrics }) => {
    const size = sizeOf(metrics.serie);
    made.tell(size === 1 ? HINT : `${HINT} Cada barra soma ${size} dias.`);
    made.show(metrics.serie);
  };
  return { node: made.node, show };
}

export const seriesChart = () => drawing("Leads novos e ganhos", draw);

const sizeOf = (days) => Math.ceil(days.length / MOST);

// Long periods are summed in steps of some days.
function summed(days) {
  const size = sizeOf(days);
  const starts = days.filter((_, at) => at % size === 0);
  return starts.map(({ dia }, at) => {
    const these = days.slice(at * size, (at + 1) * size);
    const sum = (name) => these.reduce((total, day) => total + day[name], 0);
    return { dia, novos: sum("novos"), ganhos: sum("ganhos") };
  });
}

function draw(days, width, height) {
  const all = summed(days);
  const most = Math.max(...all.flatMap(({ novos, ganhos }) => [novos, ganhos]), 4);
  const { y, lines } = scale(most, { width, height, edge: EDGE, text: shortCount });
  const step = (width - EDGE.left - EDGE.right) / all.length;
  const bar = (kind, count, at, share) => {
    const wide = step * share;
    return svg("rect", { class: kind, x: EDGE.left + step * at + (step - wide) / 2, y: y(count), width: wide, height: y(0) - y(count) });
  };
  return [
    lines,
    all.map(({ novos, ganhos }, at) => [bar("new", novos, at, 0.8), bar("won", ganhos, at, 0.45)]),
    names(all, step, width, height),
  ];
}

// As many as there is room for.
function names(all, step, width, height) {
  const every = Math.ceil(NAME / step);
  return all.flatMap(({ dia }, at) => {
    const x = EDGE.left + step * at;
    return at % every || x + NAME > width ? [] : [svg("text", { x, y: height - 6 }, dayText(dia))];
  });
}

const inFigures = (days) =>
  table({
    caption: "Dia a dia",
    silent: true,
    heads: ["Dia", "Novos", "Ganhos", "Perdidos", "Valor ganho"],
    rows: [...days].reverse().map((day) => [dayText(day.dia), figure(day.novos), figure(day.ganhos), figure(day.perdidos), money(day.valor_ganho)]),
  });
