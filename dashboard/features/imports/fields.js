// What a column of a file can become.
export const ATTRIBUTE = "atributos.";

export const FIELDS = [
  { value: "nome", name: "Nome" },
  { value: "sobrenome", name: "Sobrenome" },
  { value: "email", name: "E-mail" },
  { value: "telefone", name: "Telefone" },
  { value: "contatos", name: "Mais telefones e e-mails" },
  { value: "documento", name: "CPF ou CNPJ" },
  { value: "empresa", name: "Empresa" },
  { value: "cidade", name: "Cidade" },
  { value: "uf", name: "UF" },
  { value: "produto", name: "Produto" },
  { value: "valor", name: "Valor" },
  { value: "renda_mensal", name: "Renda mensal" },
  { value: "origem", name: "Origem" },
  { value: "campanha", name: "Campanha" },
  { value: "etiquetas", name: "Etiquetas" },
  { value: "etapa", name: "Etapa" },
  { value: "motivo_perda", name: "Motivo da perda" },
  { value: "responsavel_id", name: "Responsável" },
  { value: "proximo_contato_em", name: "Próximo contato" },
  { value: "ultimo_contato_em", name: "Último contato" },
  { value: "nao_contatar_em", name: "Não contatar desde" },
  { value: "fechado_em", name: "Fechado em" },
  { value: "previsto_para", name: "Previsto para" },
  { value: "criado_em", name: "Criado em" },
  { value: "id_externo", name: "Código em outro sistema" },
];

const LEFT_OUT = { value: "", name: "Não importar" };

// `campo` is what was proposed: an attribute may have another name than its column, and our own export has
// a column of attributes that nobody else has.
export function targetsOf({ coluna, campo }) {
  const attribute = campo?.startsWith(ATTRIBUTE) ? campo : `${ATTRIBUTE}${coluna}`;
  const all = [...FIELDS, { value: attribute, name: `Atributo: ${attribute.slice(ATTRIBUTE.length)}` }, LEFT_OUT];
  const known = !campo || all.some(({ value }) => value === campo);
  return known ? all : [{ value: campo, name: campo }, ...all];
}
