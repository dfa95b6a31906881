// What is expected of the open leads, month by month, and how far from it a month may well end.
import { figure, money } from "../../core/format.js";
import { svg } from "../../core/svg.js";
import { table } from "../../core/tables.js";
import { NONE, shortMoney } from "./amounts.js";
import { drawing, scale } from "./drawing.js";
import { part } from "./part.js";

const EDGE = { left: 64, right: 4, top: 10, bottom: 24 };
const WIDEST = 72; // pixels of a bar
const MONTH = new Intl.DateTimeFormat("pt-BR", { timeZone: "UTC", month: "short", year: "2-digit" });
const HINT = "Valor × chance de fechar dos leads abertos, no mês em que se espera que fechem. O traço é um desvio para mais e para menos.";
const UNKNOWN = "Ainda sem chances de fechar: elas aparecem quando o modelo aprende com leads fechados.";

const monthText = (month) => (month ? MONTH.format(new Date(`${month}-01T00:00Z`)) : "Sem data");

export function forecast() {
  const made = part({ title: "Previsão", hint: HINT, kind: "forecast", drawn: drawing("Valor esperado por mês", draw), table: inFigures });
  const show = ({ forecast: { itens } }) => {
    const known = itens.some(({ esperado }) => esperado !== null);
    made.tell(known ? HINT : UNKNOWN);
    made.node.classList.toggle("without", !known);
    made.show(itens);
  };
  return { node: made.node, show };
}

function draw(all, width, height) {
  const ends = all.map(({ esperado, desvio }) => Number(esperado ?? 0) + Number(desvio ?? 0));
  const { y, lines } = scale(Math.max(...ends, 1), { width, height, edge: EDGE, text: shortMoney });
  const step = (width - EDGE.left - EDGE.right) / Math.max(all.length, 1);
  const wide = Math.min(step * 0.6, WIDEST);
  const every = Math.ceil(56 / step);
  return [
    lines,
    all.map(({ mes, esperado, desvio }, at) => {
      const middle = EDGE.left + step * (at + 0.5);
      const name = svg("text", { x: middle, y: height - 6, "text-anchor": "middle" }, at % every ? "" : monthText(mes));
      return esperado === null ? name : [name, bar(Number(esperado), middle, wide, y), whisker(Number(esperado), Number(desvio ?? 0), middle, y)];
    }),
  ];
}

const bar = (expected, middle, wide, y) =>
  svg("rect", { class: "won", x: middle - wide / 2, y: y(expected), width: wide, height: y(0) - y(expected) });

function whisker(expected, spread, middle, y) {
  const [top, bottom] = [y(expected + spread), y(Math.max(0, expected - spread))];
  return svg("path", { class: "spread", d: `M${middle} ${top}V${bottom}M${middle - 6} ${top}h12M${middle - 6} ${bottom}h12` });
}

const inFigures = (all) =>
  table({
    caption: "Previsão por mês",
    silent: true,
    heads: ["Mês", "Leads", "Esperado", "Desvio"],
    rows: all.map(({ mes, quantidade, esperado, desvio }) =>
      [monthText(mes), figure(quantidade), esperado === null ? NONE : money(esperado), desvio === null ? NONE : `± ${money(desvio)}`]),
  });
