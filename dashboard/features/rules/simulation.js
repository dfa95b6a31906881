// What a draft would do to the equipe's leads; nothing of it is written.
import { h, heading } from "../../core/dom.js";
import { figure, plural, signed } from "../../core/format.js";
import { bandName } from "../../core/words.js";
import { leadLink, namedWhenOpened } from "./leadLinks.js";

const BANDS = ["quente", "morno", "frio"];

export function simulation(found) {
  return h(
    "section",
    { class: "simulation card" },
    heading("O que mudaria", 2, { tabindex: "-1" }),
    tiles(found),
    moves(found.faixas ?? {}),
    largest(found.maiores ?? []),
    queue(found.fila ?? []),
    sellers(found.por_responsavel ?? []),
  );
}

function tiles({ total, sobem, descem }) {
  const tile = (count, label) => h("li", {}, h("strong", {}, figure(count)), " ", h("span", {}, label));
  return h(
    "ul",
    { class: "counts" },
    tile(total, total === 1 ? "lead" : "leads"),
    tile(sobem, sobem === 1 ? "sobe" : "sobem"),
    tile(descem, descem === 1 ? "desce" : "descem"),
  );
}

function moves(table) {
  const row = (from) =>
    h("tr", {}, h("th", { scope: "row" }, bandName(from)), BANDS.map((to) => h("td", { class: from === to ? "same" : null }, table[from]?.[to] ?? 0)));
  return h(
    "table",
    {},
    h("caption", {}, "De faixa (linha) para faixa (coluna)"),
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Hoje"), BANDS.map((to) => h("th", { scope: "col" }, bandName(to))))),
    h("tbody", {}, BANDS.map(row)),
  );
}

function largest(list) {
  if (!list.length) return h("p", { class: "muted" }, "Nenhum lead muda de score.");
  const row = ({ lead_id: id, de: from, para: to }) =>
    h("li", {}, leadLink(id), h("span", {}, `${from} → ${to}`), h("strong", { class: `points ${to < from ? "minus" : "plus"}` }, signed(to - from)));
  return folded(plural(list.length, "maior mudança", "maiores mudanças"), list.map(row));
}

function queue(list) {
  if (!list.length) return null;
  const row = ({ lead_id: id, de: from, para: to }) =>
    h("li", {}, leadLink(id), h("span", { class: "muted" }, from ? `hoje ${from}º` : "hoje fora da fila"), h("strong", { class: "points" }, `${to}º`));
  return folded("Quem viria primeiro na fila", list.map(row));
}

function folded(label, rows) {
  const details = h("details", {}, h("summary", {}, label), h("ul", { class: "changes" }, rows));
  namedWhenOpened(details);
  return details;
}

function sellers(list) {
  if (!list.length) return null;
  const row = ({ nome, sobem, descem }) =>
    h("tr", {}, h("th", { scope: "row", class: "name" }, nome ?? "Sem responsável"), h("td", {}, sobem), h("td", {}, descem));
  return h(
    "table",
    {},
    h("caption", {}, "Por vendedor"),
    h("thead", {}, h("tr", {}, ["Vendedor", "Sobem", "Descem"].map((text) => h("th", { scope: "col" }, text)))),
    h("tbody", {}, list.map(row)),
  );
}
