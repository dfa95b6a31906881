// The chart: what was said along the bottom, what happened up the side, a diagonal of being right.
import { percent } from "../../core/format.js";
import { svg } from "../../core/svg.js";

const SIZE = 320;
const EDGE = { left: 44, bottom: 36, top: 12, right: 22 };
const MARKS = 4;
const SMALLEST = 3;
const LARGEST = 9;

export function calibrationChart(bins) {
  const most = topOf(bins);
  const x = (share) => EDGE.left + (share / most) * (SIZE - EDGE.left - EDGE.right);
  const y = (share) => SIZE - EDGE.bottom - (share / most) * (SIZE - EDGE.bottom - EDGE.top);
  return svg(
    "svg",
    { viewBox: `0 0 ${SIZE} ${SIZE}`, class: "chart", role: "img", "aria-label": "Gráfico da chance dita e do que aconteceu; os números estão na tabela." },
    grid(most, x, y),
    svg("line", { class: "ideal", x1: x(0), y1: y(0), x2: x(most), y2: y(most) }),
    svg("polyline", { class: "path", points: bins.map((bin) => `${x(bin.previsto)},${y(bin.observado)}`).join(" ") }),
    dots(bins, x, y),
  );
}

// The next of 10, 20, 25, 50 or 100 % that holds all.
function topOf(bins) {
  const most = Math.max(...bins.flatMap(({ previsto, observado }) => [previsto, observado]));
  return [0.1, 0.2, 0.4, 0.6, 0.8].find((top) => most <= top) ?? 1;
}

function grid(most, x, y) {
  const marks = Array.from({ length: MARKS + 1 }, (_, at) => (most * at) / MARKS);
  return [
    marks.flatMap((mark) => [
      svg("line", { class: "grid", x1: x(0), x2: x(most), y1: y(mark), y2: y(mark) }),
      svg("text", { x: EDGE.left - 6, y: y(mark) + 4, "text-anchor": "end" }, percent(mark)),
      svg("text", { x: x(mark), y: SIZE - EDGE.bottom + 16, "text-anchor": "middle" }, percent(mark)),
    ]),
    svg("text", { x: x(most / 2), y: SIZE - 4, "text-anchor": "middle" }, "chance dita"),
    svg("text", { x: EDGE.left + 6, y: EDGE.top + 10 }, "fecharam"),
  ];
}

// The more leads, the larger the dot.
function dots(bins, x, y) {
  const most = Math.max(...bins.map((bin) => bin.n));
  return bins.map(({ n, previsto, observado }) =>
    svg("circle", { class: "dot", cx: x(previsto), cy: y(observado), r: SMALLEST + (LARGEST - SMALLEST) * Math.sqrt(n / most) }),
  );
}
