// What a file would do, or did.
import { h } from "../../core/dom.js";
import { figure } from "../../core/format.js";

const WOULD = [
  ["criariam", "Seriam criados"],
  ["atualizariam", "Seriam atualizados"],
  ["iguais", "Já iguais"],
  ["pulariam", "Seriam pulados"],
  ["rejeitariam", "Seriam rejeitados"],
];
const DID = [
  ["criados", "Criados"],
  ["atualizados", "Atualizados"],
  ["iguais", "Iguais"],
  ["pulados", "Pulados"],
  ["rejeitados", "Rejeitados"],
];
const NAMES = DID.map(([key], at) => [key, WOULD[at][1]]);

const tiles = (names, found) =>
  h("dl", { class: "tiles" }, names.map(([key, label]) => h("div", {}, h("dt", {}, label), h("dd", {}, h("strong", {}, figure(found[key]))))));

export const done = (run) => tiles(DID, run);
// Of an import that was only checked.
export const checked = (run) => [tiles(NAMES, run), h("p", { class: "hint" }, "Conferido agora, em todas as linhas, com o que está abaixo.")];

export function expected(found) {
  const { linhas, contadas } = found;
  return [tiles(WOULD, found), contadas < linhas && h("p", { class: "hint" }, `Contado nas primeiras ${figure(contadas)} linhas.`)].filter(Boolean);
}
