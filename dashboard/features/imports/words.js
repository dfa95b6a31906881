// What the states of an import are called.
export const STATES = {
  na_fila: "Na fila",
  em_andamento: "Em andamento",
  concluida: "Concluída",
  falhou: "Falhou",
  cancelada: "Cancelada",
  desfeita: "Desfeita",
};
export const ENDED = new Set(["concluida", "falhou", "cancelada", "desfeita"]);
