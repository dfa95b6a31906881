// What the model's fields are called; some it reads off others.
import { fieldOf } from "../rules/vocabulary.js";

const OWN = {
  ddd: "DDD",
  mes: "Mês",
  dia_semana: "Dia da semana",
  hora: "Hora",
  pessoa_juridica: "Pessoa jurídica",
  regras: "Pontos das regras",
};
const HAS = /^tem_(.+)$/;

export function featureName(campo) {
  if (campo in OWN) return OWN[campo];
  const has = HAS.exec(campo);
  return has ? `Tem ${fieldOf(has[1]).name.replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase())}` : fieldOf(campo).name;
}
