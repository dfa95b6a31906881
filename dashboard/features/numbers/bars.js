// Lines of a ranking: a name, its figure, and a bar as long as its share of the largest.
import { h } from "../../core/dom.js";
import { svg } from "../../core/svg.js";

const MOST = 10;

// `lines(data)` gives [{name, size, text, under}], the largest first or in an order of their own.
export function bars(lines) {
  const list = h("ol", { class: "bars" });
  const show = (data) => {
    const all = lines(data);
    const largest = Math.max(...all.map(({ size }) => size), 0);
    list.replaceChildren(...all.slice(0, MOST).map((each) => line(each, largest)), ...more(all.length));
  };
  return { node: list, show };
}

function line({ name, size, text, under }, largest) {
  return h(
    "li",
    {},
    h("span", { class: "name" }, name),
    h("strong", {}, text),
    bar(largest ? size / largest : 0),
    under && h("span", { class: "hint" }, under),
  );
}

function bar(share) {
  return svg(
    "svg",
    { class: "length", viewBox: "0 0 100 1", preserveAspectRatio: "none", "aria-hidden": "true" },
    svg("rect", { class: "whole", width: 100, height: 1 }),
    svg("rect", { class: "share", width: Math.max(0, share * 100), height: 1 }),
  );
}

const more = (count) => (count > MOST ? [h("li", { class: "muted" }, `Mais ${count - MOST} na tabela.`)] : []);
