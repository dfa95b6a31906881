// Who won how much, and where the leads came from, in the period.
import { figure, money, percent, plural } from "../../core/format.js";
import { table } from "../../core/tables.js";
import { duration, NONE, wholeMoney } from "./amounts.js";
import { bars } from "./bars.js";
import { part } from "./part.js";

const share = (conversao) => (conversao === null ? NONE : percent(conversao));
const closed = ({ ganhos, conversao }) => (conversao === null ? plural(ganhos, "ganho", "ganhos") : `${plural(ganhos, "ganho", "ganhos")}, conversão de ${percent(conversao)}`);

export function sellers() {
  const made = part({
    title: "Por vendedor",
    hint: "Valor ganho no período.",
    kind: "sellers",
    drawn: bars((all) => all.map(seller)),
    table: (all) =>
      table({
        caption: "Por vendedor",
        silent: true,
        heads: ["Vendedor", "Valor ganho", "Ganhos", "Conversão", "Abertos", "Até ganhar"],
        rows: all.map((each) => [sellerName(each), money(each.valor_ganho), figure(each.ganhos), share(each.conversao), figure(each.abertos), duration(each.tempo_ate_ganho.mediana)]),
      }),
  });
  return { node: made.node, show: ({ sellers: found }) => made.show(found.itens) };
}

const sellerName = ({ nome, ativo }) => `${nome ?? "Sem responsável"}${ativo === false ? " (saiu)" : ""}`;

function seller(each) {
  const place = each.posicao ? `${each.posicao}º ` : "";
  return { name: `${place}${sellerName(each)}`, size: Number(each.valor_ganho), text: wholeMoney(each.valor_ganho), under: `${closed(each)} · ${plural(each.abertos, "aberto", "abertos")}` };
}

export function sources() {
  const made = part({
    title: "Por origem",
    hint: "De onde vieram os leads do período.",
    kind: "sources",
    drawn: bars((all) => all.map(source)),
    table: (all) =>
      table({
        caption: "Por origem",
        silent: true,
        heads: ["Origem", "Novos", "Ganhos", "Perdidos", "Conversão", "Valor ganho"],
        rows: all.map((each) => [sourceName(each), figure(each.novos), figure(each.ganhos), figure(each.perdidos), share(each.conversao), money(each.valor_ganho)]),
      }),
  });
  return { node: made.node, show: ({ sources: { itens, outros } }) => made.show(outros ? [...itens, outros] : itens) };
}

// A filter may leave it unknown how many origins are summed.
const restName = (grupos) => (grupos === null ? "Outras" : `Outras ${figure(grupos)}`);
const sourceName = ({ origem, grupos }) => (grupos === undefined ? (origem ?? "Sem origem") : restName(grupos));

const source = (each) => ({ name: sourceName(each), size: each.novos, text: plural(each.novos, "novo", "novos"), under: `${closed(each)} · ${wholeMoney(each.valor_ganho)}` });
