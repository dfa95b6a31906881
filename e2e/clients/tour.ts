// The README's tour with the types that openapi-typescript writes from /openapi.json: whatever the
// document says wrongly does not compile, or fails on the running server.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import createClient from "openapi-fetch";
import type { components, paths } from "../generated/openapi.js";

type Code = components["schemas"]["Code"];
type Refused = components["schemas"]["Erro"] | undefined;

const [address = "", demo = ""] = process.argv.slice(2);
const senha = "uma-frase-longa";
const email = "gestora-typescript@exemplo.com.br";

const anyone = createClient<paths>({ baseUrl: address });

function bearing(token: string) {
  return createClient<paths>({
    baseUrl: address,
    headers: { Authorization: `Bearer ${token}` },
  });
}

/** The data of a reply that was to succeed. */
function data<Data>(reply: { data?: { data: Data }; error?: Refused }): Data {
  assert(reply.data, JSON.stringify(reply.error));
  return reply.data.data;
}

function refusedWith(reply: { error?: Refused }, code: Code): void {
  assert.equal(reply.error?.data.codigo, code);
}

// Register and log in.
const person = { nome: "Gestora Exemplo", email, senha, role: "gestor" } as const;
const gestora = data(await anyone.POST("/auth/register", { body: person }));
assert.deepEqual(Object.keys(gestora), ["id", "nome", "email", "role"]);
refusedWith(await anyone.POST("/auth/register", { body: person }), "EMAIL_JA_CADASTRADO");

const session = data(await anyone.POST("/auth/login", { body: { email, senha } }));
assert.equal(session.id, gestora.id);
assert.equal(session.token_type, "Bearer");
const api = bearing(session.access_token);

// Add a vendedor, and one who chooses the password.
const vendedor = data(
  await api.POST("/auth/register", {
    body: {
      nome: "Vendedor Exemplo",
      email: "vendedor-typescript@exemplo.com.br",
      senha: "outra-frase-longa",
      role: "vendedor",
    },
  }),
);
assert.equal(vendedor.role, "vendedor");
const vendedora = data(
  await api.POST("/auth/register", {
    body: {
      nome: "Vendedora Exemplo",
      email: "vendedora-typescript@exemplo.com.br",
      role: "vendedor",
    },
  }),
);
assert(vendedora.codigo_ativacao);
const activated = data(
  await anyone.POST("/auth/activate", {
    body: { codigo: vendedora.codigo_ativacao, senha: "mais-uma-frase-longa" },
  }),
);
assert.equal(activated.id, vendedora.id);

// Import leads.
const report = data(
  await api.POST("/leads/import", {
    body: {
      arquivo: readFileSync(`${demo}/bank-2000.csv`, "utf8"),
      mapeamento: readFileSync(`${demo}/mapping.json`, "utf8"),
    },
    bodySerializer: (body) => {
      const form = new FormData();
      assert(typeof body === "object" && "arquivo" in body);
      form.append("arquivo", new Blob([body.arquivo]), "bank-2000.csv");
      form.append("mapeamento", body.mapeamento ?? "");
      return form;
    },
  }),
);
assert.deepEqual([report.estado, report.criados, report.erros], ["concluida", 2000, []]);

// List the best first, and ask why.
const page = data(
  await api.GET("/leads", { params: { query: { ordenar: "-score", limite: 3 } } }),
);
assert.equal(page.itens.length, 3);
const best = page.itens[0];
assert(best?.score != null && page.proximo);
const next = await api.GET("/leads", {
  params: { query: { ordenar: "-score", limite: 3, cursor: page.proximo } },
});
assert(!data(next).itens.some((lead) => lead.id === best.id));
const reasons = data(
  await api.GET("/leads/{lead_id}/score", { params: { path: { lead_id: best.id } } }),
);
assert.equal(
  reasons.partes.reduce((sum, part) => sum + part.pontos, 0),
  best.score,
);

// Create a lead, once.
const creation = {
  params: { header: { "Idempotency-Key": "crm-4711" } },
  body: {
    nome: "Lead Exemplo",
    telefone: "(11) 98765-4321",
    produto: "consórcio de imóvel",
    valor: "250000.00",
    origem: "indicação",
    atributos: { profissao: "autônomo" },
  },
};
const lead = data(await api.POST("/leads", creation));
assert.equal(lead.valor, "250000.00");
assert.equal(data(await api.POST("/leads", creation)).id, lead.id);
refusedWith(await api.POST("/leads", { body: creation.body }), "LEAD_DUPLICADO");
const found = data(await api.POST("/leads/search", { body: { telefone: "11 98765-4321" } }));
assert.deepEqual(
  found.itens.map((item) => item.id),
  [lead.id],
);

// Move it along, while it is at the version that was read.
const read = await api.GET("/leads/{lead_id}", { params: { path: { lead_id: lead.id } } });
const etag = read.response.headers.get("ETag");
assert(etag !== null && etag.startsWith('"v1-'));
const unchanged = await api.GET("/leads/{lead_id}", {
  params: { path: { lead_id: lead.id }, header: { "If-None-Match": etag } },
});
assert.equal(unchanged.response.status, 304);
const versioned = { path: { lead_id: lead.id }, header: { "If-Match": etag } };
const moved = data(
  await api.PATCH("/leads/{lead_id}", {
    params: versioned,
    body: { etapa: "contatado", proximo_contato_em: "2030-08-01T14:30:00Z" },
  }),
);
assert.deepEqual([moved.etapa, moved.versao], ["contatado", 2]);
assert.equal(moved.proximo_contato_em, "2030-08-01T14:30:00Z");
refusedWith(
  await api.PATCH("/leads/{lead_id}", { params: versioned, body: { etapa: "proposta" } }),
  "VERSAO_DESATUALIZADA",
);

// Look at the figures.
const figures = data(await api.GET("/metrics"));
assert.equal(figures.total, 2001);
assert.equal(figures.serie.length, 30);

// Let a machine in.
const key = data(
  await api.POST("/auth/keys", { body: { nome: "painel", role: "gestor", validade_dias: 90 } }),
);
const machine = bearing(key.chave);
assert.equal(data(await machine.GET("/metrics")).total, 2001);
refusedWith(await machine.GET("/auth/keys"), "PROIBIDO");
refusedWith(await anyone.GET("/metrics"), "NAO_AUTENTICADO");

console.log("TypeScript: every call of the tour answered as the document says.");
