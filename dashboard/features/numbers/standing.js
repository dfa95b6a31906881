// How fresh the figures are, and by which days they are counted.
import { h } from "../../core/dom.js";
import { whoAmI } from "../../core/session.js";
import { clock } from "../../core/time.js";

export function standing() {
  const node = h("p", { class: "hint" });
  let since = "";
  const heard = ({ gerado_em: when, fuso: zone }) => {
    const other = zone === whoAmI()?.fuso ? "" : ` Os dias são os de ${zone} até que os do novo fuso estejam contados.`;
    since = clock(when);
    node.textContent = `Mudou às ${since}.${other}`;
  };
  // What is shown stays; whoever looks is told how old it is.
  const tell = (failure) => {
    node.classList.toggle("wrong", failure !== null);
    if (failure) node.textContent = `Sem notícias do servidor: os números são das ${since}. Tentando de novo.`;
    else if (since && node.textContent.startsWith("Sem")) node.textContent = `Mudou às ${since}.`;
  };
  return { node, heard, tell };
}
