// What went wrong with a call, in words for the person who made it.
const WORDS = {
  offline: "Sem conexão com o servidor. Confira a internet e tente de novo.",
  slow: "O servidor demorou demais para responder. Tente de novo.",
  odd: "O servidor respondeu de um jeito inesperado. Tente de novo em instantes.",
};

export class Failure extends Error {
  constructor(message, { status = 0, codigo = null, erros = [], requestId = null, wait = null } = {}) {
    super(message);
    this.status = status;
    this.codigo = codigo;
    this.erros = erros;
    this.requestId = requestId;
    this.wait = wait;
  }

  // Nobody knows whether the server did what was asked.
  get unanswered() {
    return this.status === 0;
  }

  get sentence() {
    const fields = this.erros.map((each) => each.mensagem).filter(Boolean);
    const told = fields.length ? `${this.message} ${fields.join(" ")}` : this.message;
    return this.wait ? `${told} Aguarde ${this.wait} s.` : told;
  }
}

export function unreachable(cause) {
  return new Failure(cause?.name === "TimeoutError" ? WORDS.slow : WORDS.offline);
}

export function refusal(reply, body) {
  const data = body?.data ?? {};
  return new Failure(body?.message ?? WORDS.odd, {
    status: reply.status,
    codigo: data.codigo ?? null,
    erros: data.erros ?? [],
    requestId: data.request_id ?? reply.headers.get("X-Request-ID"),
    wait: reply.headers.get("Retry-After"),
  });
}

// Anything that was thrown, as a Failure: a mistake of this page's own is told, too.
export function asFailure(error) {
  if (error instanceof Failure) return error;
  console.error(error);
  return new Failure("A página encontrou um erro. Recarregue-a e tente de novo.", { status: -1 });
}
