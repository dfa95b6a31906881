// What the API's values are called on the page.
export const RESULTS = [
  { value: "atendeu", name: "Atendeu", icon: "check", tone: "good" },
  { value: "nao_atendeu", name: "Não atendeu", icon: "missed", tone: "plain" },
  { value: "agendou", name: "Agendou", icon: "calendar", tone: "good" },
  { value: "sem_interesse", name: "Sem interesse", icon: "down", tone: "plain" },
  { value: "numero_errado", name: "Número errado", icon: "wrong", tone: "plain" },
  { value: "nao_contatar", name: "Não contatar", icon: "ban", tone: "danger" },
  { value: "outro", name: "Outro", icon: "dots", tone: "plain" },
];

export const KINDS = [
  { value: "ligacao", name: "Ligação", icon: "phone" },
  { value: "whatsapp", name: "WhatsApp", icon: "chat" },
  { value: "email", name: "E-mail", icon: "mail" },
  { value: "reuniao", name: "Reunião", icon: "people" },
];

const ALL_KINDS = [
  ...KINDS,
  { value: "nota", name: "Nota", icon: "note" },
  { value: "tarefa", name: "Tarefa", icon: "calendar" },
];
const BANDS = { quente: "Quente", morno: "Morno", frio: "Frio" };

export const kindOf = (value) =>
  ALL_KINDS.find((kind) => kind.value === value) ?? { value, name: value, icon: "dots" };
export const resultName = (value) =>
  RESULTS.find((result) => result.value === value)?.name ?? value;
export const bandName = (value) => BANDS[value] ?? value;
