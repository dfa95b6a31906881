// A gestor's day: the rules are written from a ready set, tried, published, taken back; the model says
// what it knows. A vendedor sees neither.
import assert from "node:assert/strict";
import { openPage, signIn } from "./browser.js";
import { holdSimulation } from "./held.js";
import { fits, section, waitForHeading } from "./steps.js";

export async function gestor(browser, { address, senha, teams }) {
  const { page, wrong, context } = await openPage(browser, address);
  await signIn(page, teams[1].gestor, senha);
  await cutOff(page, context);
  await begins(page);
  await edits(page);
  await refusals(page);
  await simulates(page);
  await simulatesMany(page);
  await publishes(page);
  await goesBack(page);
  await untrained(page);
  assert.deepEqual(wrong.filter((text) => !/status of 422|ERR_INTERNET_DISCONNECTED|ERR_FAILED/.test(text)), []);
  await context.close();
  await hidden(browser, { address, senha, email: teams[1].vendedor });
}

// A section's files come when it is opened, which may be where there is no network.
async function cutOff(page, context) {
  await context.setOffline(true);
  await section(page, "Regras");
  await page.getByText("Sem conexão com o servidor").waitFor();
  await context.setOffline(false);
  await page.getByRole("button", { name: "Tentar de novo" }).click();
  await waitForHeading(page, "Regras do score");
}

async function begins(page) {
  await page.getByRole("heading", { name: "Regras de fábrica" }).waitFor();
  await page.getByRole("heading", { name: "Nenhum rascunho" }).waitFor();
  await fits(page);
  await page.getByRole("button", { name: "Novo rascunho" }).click();
  await page.getByRole("radio", { name: "Consórcio" }).check();
  await page.getByRole("button", { name: "Começar" }).click();
  await waitForHeading(page, "Rascunho 1");
  await page.getByText("Tudo salvo.").waitFor();
  await fits(page);
}

const rules = (page) => page.locator(".rule");

// A rule that says what another says: the warning stands under it.
async function edits(page) {
  const before = await rules(page).count();
  await page.getByRole("button", { name: "Adicionar regra" }).click();
  assert.equal(await rules(page).count(), before + 1);
  for (const each of [rules(page).last()]) {
    await each.getByLabel("Campo", { exact: true }).selectOption({ label: "Telefone" });
    await each.getByLabel("Como compara").selectOption({ label: "está preenchido" });
    await each.getByLabel("Pontos").fill("7");
    await each.getByLabel("Motivo").fill("Dá para ligar");
  }
  await page.getByText("Há mudanças por salvar.").waitFor();
  // A look elsewhere loses nothing.
  await page.getByRole("link", { name: "Tarefas" }).click();
  await waitForHeading(page, "Minhas tarefas");
  await page.goBack();
  await page.getByText("Há mudanças por salvar.").waitFor();
  assert.equal(await rules(page).count(), before + 1);
  await rules(page).last().locator("summary").click();
  await page.getByRole("button", { name: "Salvar" }).click();
  await page.getByText("Tudo salvo.").waitFor();
  await page.locator(".notes li").first().waitFor();
  await fits(page);
}

// What is refused stands beside its field, which has the focus; what was typed is still there.
async function refusals(page) {
  const last = rules(page).last();
  await last.getByLabel("Pontos").fill("500");
  await page.getByRole("button", { name: "Simular" }).click();
  await page.locator("[aria-invalid]").waitFor();
  assert.equal(await last.getByLabel("Pontos").getAttribute("aria-invalid"), "true");
  assert.equal(await last.getByLabel("Pontos").inputValue(), "500");
  assert.notEqual((await last.locator(".wrong").filter({ hasText: /\w/ }).first().innerText()).trim(), "");
  assert.ok(await last.getByLabel("Pontos").evaluate((box) => box === document.activeElement));
  await last.getByLabel("Pontos").fill("12");
}

async function simulates(page) {
  await page.getByRole("button", { name: "Simular" }).click();
  await page.getByRole("heading", { name: "O que mudaria" }).waitFor();
  await page.getByText("Tudo salvo.").waitFor();
  assert.equal(await page.locator("[aria-invalid]").count(), 0);
  assert.ok((await page.locator(".simulation tbody tr").count()) >= 3);
  await page.getByText(/maior(es)? mudança/).click();
  await page.locator(".changes").getByRole("link", { name: "Benedita Modelo" }).waitFor();
  await page.getByText("Quem viria primeiro na fila").click();
  await fits(page);
}

async function simulatesMany(page) {
  await holdSimulation(page);
  await page.getByRole("button", { name: "Simular" }).click();
  await page.getByText("20.000 de 60.000").waitFor();
  await page.locator(".changes").first().waitFor({ state: "attached" });
  assert.equal(await page.locator("progress").count(), 0);
  await page.unroute(/\/simulate$/);
}

// The reply is lost on the way: sent again with its key the draft is published once.
async function publishes(page) {
  const keys = [];
  await page.route(/\/publish$/, async (route) => {
    keys.push(await route.request().headerValue("idempotency-key"));
    if (keys.length > 1) return route.continue();
    await route.fetch();
    return route.abort("failed");
  });
  await page.getByRole("button", { name: "Publicar" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Publicar" }).click();
  await page.getByText("Sem conexão com o servidor").waitFor();
  await page.getByRole("button", { name: "Tentar de novo" }).click();
  await waitForHeading(page, "Regras do score");
  await page.getByRole("heading", { name: "Versão 1" }).waitFor();
  await page.getByText("Regras publicadas.").waitFor();
  assert.equal(keys.length, 2);
  assert.equal(keys[0], keys[1]);
}

// A version is read, and the one before it comes back as a version of its own.
async function goesBack(page) {
  await page.getByRole("link", { name: "Ver a versão 1" }).click();
  await waitForHeading(page, "Versão 1");
  await page.getByText("Dá para ligar").waitFor();
  await fits(page);
  await page.goBack();
  await page.getByRole("button", { name: "Voltar a esta versão: 0" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Voltar a esta versão" }).click();
  await page.getByRole("heading", { name: "Versão 2", exact: true }).waitFor();
  await page.getByText("Igual à versão 0.").waitFor();
}

async function untrained(page) {
  await section(page, "Modelo");
  await waitForHeading(page, "Modelo");
  await page.getByRole("heading", { name: "Ainda sem modelo" }).waitFor();
  await page.getByRole("button", { name: "Treinar agora" }).waitFor();
  await fits(page);
}

async function hidden(browser, { address, senha, email }) {
  const { page, wrong, context } = await openPage(browser, address);
  await signIn(page, email, senha);
  assert.equal(await page.getByRole("link", { name: /Regras|Modelo|Importar|Equipe|Etapas|Mais/ }).count(), 0);
  for (const hash of ["#/regras", "#/modelo", "#/regras/rascunhos/1", "#/regras/versoes/0", "#/importar", "#/equipe", "#/etapas", "#/mais"]) {
    await page.evaluate((to) => { location.hash = to; }, hash);
    await waitForHeading(page, "Próximo lead");
  }
  assert.deepEqual(wrong, []);
  await context.close();
}
