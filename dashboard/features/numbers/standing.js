// How fresh the figures are, and of what: on a wall and on paper no filter is seen.
import { h } from "../../core/dom.js";
import { whoAmI } from "../../core/session.js";
import { clock } from "../../core/time.js";

export function standing() {
  const node = h("p", { class: "hint" });
  let since = "";
  let what = "";
  const say = () => { node.textContent = `Mudou às ${since}.${what}`; };
  const heard = (metrics, filters) => {
    since = clock(metrics.gerado_em);
    what = otherZone(metrics) + filtered(filters, metrics);
    say();
  };
  // What is shown stays; whoever looks is told how old it is.
  const tell = (failure) => {
    node.classList.toggle("wrong", failure !== null);
    if (failure) node.textContent = `Sem notícias do servidor: os números são das ${since}. Tentando de novo.`;
    else if (since && node.textContent.startsWith("Sem")) say();
  };
  return { node, heard, tell };
}

const otherZone = ({ fuso: zone }) =>
  zone === whoAmI()?.fuso ? "" : ` Os dias são os de ${zone} até que os do novo fuso estejam contados.`;

function filtered({ de, ate, responsavel_id: owner, origem, produto }, metrics) {
  const parts = [de && `de ${dayText(de)}`, ate && `até ${dayText(ate)}`, owner && ownerName(owner, metrics), origem && `origem ${origem}`, produto && `produto ${produto}`].filter(Boolean);
  return parts.length ? ` Só: ${parts.join(", ")}.` : "";
}

const dayText = (day) => day.split("-").reverse().join("/");

function ownerName(owner, { ranking, por_responsavel: groups }) {
  if (owner === "nenhum") return "sem responsável";
  return [...ranking, ...groups].find(({ responsavel_id: id }) => String(id) === owner)?.nome ?? "uma pessoa";
}
