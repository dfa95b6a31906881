// How far the leads of the period came, stage by stage; those that were lost are among them.
import { figure, percent, plural } from "../../core/format.js";
import { table } from "../../core/tables.js";
import { NONE } from "./amounts.js";
import { bars } from "./bars.js";
import { part } from "./part.js";

const HEADS = ["Etapa", "Entraram", "Ganhos", "Perdidos aqui", "Conversão"];

export function funnel() {
  const made = part({
    title: "Funil",
    hint: "Dos leads criados no período, quantos entraram em cada etapa ao menos uma vez.",
    kind: "funnel",
    drawn: bars((stages) => stages.map(line)),
    table: (stages) => table({ caption: "Funil", silent: true, heads: HEADS, rows: stages.map(row) }),
  });
  return { node: made.node, show: ({ funnel: found }) => made.show(found.etapas) };
}

function line({ nome, tipo, entraram, perdidos, conversao }) {
  const won = tipo === "aberta" && conversao !== null && `${percent(conversao)} deles ganhos`;
  const lost = tipo === "aberta" && perdidos > 0 && `${plural(perdidos, "perdido", "perdidos")} aqui`;
  return { name: nome, size: entraram, text: figure(entraram), under: [won, lost].filter(Boolean).join(" · ") };
}

const row = ({ nome, entraram, ganhos, perdidos, conversao }) =>
  [nome, figure(entraram), figure(ganhos), figure(perdidos), conversao === null ? NONE : percent(conversao)];
