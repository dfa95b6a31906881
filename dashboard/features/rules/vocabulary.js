// What rules may look at and how they compare, in words: the fields and operators of the API.
import { RESULTS } from "../../core/words.js";

export const ATTRIBUTE = "atributos.";
const OTHER = { value: ATTRIBUTE, name: "Outro dado (atributos)", kind: "atributo" };

const FIELDS = [
  { value: "origem", name: "Origem", kind: "texto" },
  { value: "produto", name: "Produto", kind: "texto" },
  { value: "valor", name: "Valor", kind: "dinheiro" },
  { value: "renda_mensal", name: "Renda mensal", kind: "dinheiro" },
  { value: "etapa", name: "Etapa", kind: "texto" },
  { value: "campanha", name: "Campanha", kind: "texto" },
  { value: "cidade", name: "Cidade", kind: "texto" },
  { value: "uf", name: "UF", kind: "texto" },
  { value: "etiquetas", name: "Etiquetas", kind: "etiquetas" },
  { value: "telefone", name: "Telefone", kind: "presenca" },
  { value: "email", name: "E-mail", kind: "presenca" },
  { value: "documento", name: "CPF ou CNPJ", kind: "presenca" },
  { value: "empresa", name: "Empresa", kind: "presenca" },
  { value: "id_externo", name: "Código externo", kind: "presenca" },
  { value: "responsavel_id", name: "Responsável", kind: "presenca" },
  { value: "proximo_contato_em", name: "Próximo contato", kind: "presenca" },
  { value: "contatos", name: "Número de contatos", kind: "numero" },
  { value: "contatos.telefone", name: "Número de telefones", kind: "numero" },
  { value: "contatos.email", name: "Número de e-mails", kind: "numero" },
  { value: "contatos.whatsapp_id", name: "Números de WhatsApp sem telefone", kind: "numero" },
  { value: "atividades", name: "Número de atividades", kind: "numero" },
  { value: "tentativas", name: "Tentativas de contato", kind: "numero" },
  { value: "ultimo_resultado", name: "Último resultado", kind: "texto" },
  { value: "dias_desde_criacao", name: "Dias desde a criação", kind: "numero" },
  { value: "dias_sem_contato", name: "Dias sem contato", kind: "numero" },
  { value: "dias_na_etapa", name: "Dias na etapa", kind: "numero" },
];

const TEXTS = ["texto", "atributo"];
const AMOUNTS = ["dinheiro", "numero", "atributo"];
const COUNTABLE = [...new Set([...TEXTS, ...AMOUNTS])];
const EVERY = [...COUNTABLE, "etiquetas", "presenca"];
// `takes`: with how many values it compares.
const OPERATORS = [
  { value: "preenchido", name: "está preenchido", takes: "none", kinds: EVERY },
  { value: "vazio", name: "está vazio", takes: "none", kinds: EVERY },
  { value: "igual", name: "é", takes: "one", kinds: COUNTABLE },
  { value: "diferente", name: "não é", takes: "one", kinds: COUNTABLE },
  { value: "em", name: "é um destes", takes: "many", kinds: COUNTABLE },
  { value: "fora_de", name: "não é nenhum destes", takes: "many", kinds: COUNTABLE },
  { value: "minimo", name: "é pelo menos", takes: "one", kinds: AMOUNTS },
  { value: "maximo", name: "é no máximo", takes: "one", kinds: AMOUNTS },
  { value: "acima", name: "passa de", takes: "one", kinds: AMOUNTS },
  { value: "abaixo", name: "é menor que", takes: "one", kinds: AMOUNTS },
  { value: "entre", name: "está entre", takes: "pair", kinds: AMOUNTS },
  { value: "contem", name: "contém", takes: "one", kinds: ["texto", "atributo", "etiquetas"] },
];

export const fieldChoices = () => [...FIELDS, OTHER];
export const operatorChoices = (kind) => OPERATORS.filter((each) => each.kinds.includes(kind));
export const takesOf = (operador) => operator(operador).takes;
const operator = (value) => OPERATORS.find((each) => each.value === value) ?? { name: value, takes: "one" };

export function fieldOf(campo) {
  if (campo.startsWith(ATTRIBUTE)) return { ...OTHER, name: campo.slice(ATTRIBUTE.length) || OTHER.name };
  return FIELDS.find((each) => each.value === campo) ?? { value: campo, name: campo, kind: "texto" };
}

// The values that such a field can have, where they are known.
export function knownValues(campo, funnel) {
  if (campo === "etapa") return funnel.itens.map(({ chave, nome }) => ({ value: chave, name: nome }));
  if (campo === "ultimo_resultado") return RESULTS.map(({ value, name }) => ({ value, name }));
  return null;
}

// "Renda mensal é pelo menos R$ 3.000,00"; `show` writes one value.
export function inWords({ campo, operador, valor }, show) {
  const field = fieldOf(campo);
  const about = `${field.name} ${operator(operador).name}`;
  if (valor === null || valor === undefined || valor === "") return about;
  const values = [valor].flat().map((each) => show(each, field));
  if (takesOf(operador) === "many") return `${about}: ${values.join(", ")}`;
  return `${about} ${values.join(" e ")}`;
}
