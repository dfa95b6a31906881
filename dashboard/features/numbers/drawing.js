// A drawing that is as wide as its place, and drawn again when that changes; its height is the style sheet's.
import { h } from "../../core/dom.js";
import { svg } from "../../core/svg.js";

// `draw(data, width, height)` gives the parts of the drawing.
export function drawing(label, draw) {
  const place = h("div", { class: "drawing" });
  let shown = null;
  const paint = () => {
    const { clientWidth: width, clientHeight: height } = place;
    if (!shown || !width || !height) return;
    const about = { viewBox: `0 0 ${width} ${height}`, class: "chart", role: "img", "aria-label": `${label}; os números estão na tabela.` };
    place.replaceChildren(svg("svg", about, draw(shown, width, height)));
  };
  new ResizeObserver(paint).observe(place);
  const show = (data) => {
    shown = data;
    paint();
  };
  return { node: place, show };
}

// Lines across at round numbers, from 0 to at least `most`; `text(value)` names each.
export function scale(most, { width, height, edge, text }) {
  const step = roundStep(most);
  const top = Math.max(step, Math.ceil(most / step) * step);
  const y = (value) => height - edge.bottom - (value / top) * (height - edge.bottom - edge.top);
  const marks = Array.from({ length: Math.round(top / step) + 1 }, (_, at) => at * step);
  const lines = marks.flatMap((mark) => [
    svg("line", { class: "grid", x1: edge.left, x2: width - edge.right, y1: y(mark), y2: y(mark) }),
    svg("text", { x: edge.left - 6, y: y(mark) + 4, "text-anchor": "end" }, text(mark)),
  ]);
  return { y, lines };
}

// 1, 2 or 5 times a power of ten, so that at most five of them reach `most`; whole, as leads are.
function roundStep(most) {
  const rough = Math.max(most, 1) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].find((each) => each * power >= rough) * power;
  return Math.max(1, step);
}
