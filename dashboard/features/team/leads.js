// What becomes of the open leads of somebody who is away or leaves.
import { select } from "../../core/controls.js";

const WAYS = [
  { value: "manter", name: "ficam com a pessoa" },
  { value: "auto", name: "são distribuídos entre os outros" },
  { value: "liberar", name: "ficam sem responsável" },
];

export const whereTo = (others, usual) =>
  select([...WAYS, ...others.map(({ id, nome }) => ({ value: String(id), name: `passam para ${nome}` }))], usual);

export const told = ({ value }) => (/^\d+$/.test(value) ? Number(value) : value);
