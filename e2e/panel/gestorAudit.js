// axe-core on what a gestor sees: reasons, rules as they are written and refused, the model card.
import assert from "node:assert/strict";
import { violations } from "./audit.js";
import { openPage, signIn } from "./browser.js";
import { holdJob, holdJobs, holdModel, holdScore } from "./held.js";
import { fits, section, waitForHeading } from "./steps.js";

export async function gestorAudit(browser, given) {
  for (const scheme of ["light", "dark"]) await views(browser, given, scheme);
}

async function views(browser, { address, senha, teams }, scheme) {
  const { page, wrong, context } = await openPage(browser, address, { scheme, audited: true });
  const check = async (view) => {
    await fits(page);
    await violations(page, `${view}, ${scheme}`);
  };
  await Promise.all([holdModel(page), holdScore(page)]);
  await signIn(page, teams[1].gestor, senha);
  await lead(page, check);
  await rules(page, check, scheme === "light" ? "35" : "45");
  await model(page, check);
  assert.deepEqual(wrong.filter((text) => !text.includes("status of 422")), []);
  await context.close();
}

async function lead(page, check) {
  await page.getByRole("link", { name: "Busca" }).click();
  await page.getByLabel("Quem você procura?").fill("Modelo");
  await page.locator(".people a").first().click();
  await page.getByText("Como se chega a ela").click();
  await check("why this score");
  await page.getByRole("button", { name: "Ajustar score" }).click();
  await check("another score");
  await page.keyboard.press("Escape");
}

async function rules(page, check, base) {
  await section(page, "Regras");
  await page.getByRole("button", { name: "Novo rascunho" }).click();
  await check("a new draft");
  await page.getByRole("radio", { name: "Crédito" }).check();
  await page.getByRole("button", { name: "Começar" }).click();
  await waitForHeading(page, /^Rascunho \d+$/);
  await page.getByText(/^\d grupos$/).click();
  for (const at of [1, 3, 5, 8]) await page.locator(".rule summary").nth(at).click();
  await page.getByLabel("Pontos").first().fill("500");
  await page.getByRole("button", { name: "Salvar" }).click();
  await page.locator("[aria-invalid]").waitFor();
  await check("a refused draft");
  await page.getByLabel("Pontos").first().fill("5");
  await page.getByLabel("Base").fill(base);
  await page.getByRole("button", { name: "Simular" }).click();
  await page.getByText(/maior(es)? mudança/).click();
  await check("a simulation");
  await holdJob(page);
  await page.getByRole("button", { name: "Publicar" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Publicar" }).click();
  await page.locator("progress").waitFor();
  await check("a publication");
  await comesBack(page, check);
  await page.getByRole("link", { name: "Ver as regras" }).click();
  await waitForHeading(page, /^Versão \d+$/);
  await check("a version");
}

// Whoever looks elsewhere meanwhile, and comes back, sees how far it is.
async function comesBack(page, check) {
  await holdJobs(page);
  await page.getByRole("link", { name: "Tarefas" }).click();
  await waitForHeading(page, "Minhas tarefas");
  await section(page, "Regras");
  await page.getByRole("progressbar", { name: /^Publicando/ }).waitFor();
  await page.getByText("1 de 4").waitFor();
  await check("a publication that was begun before");
  await page.unroute(/\/jobs\?/);
  await page.unroute(/\/jobs\/\d+$/);
  await page.locator("progress").waitFor({ state: "detached" });
}

async function model(page, check) {
  await section(page, "Modelo");
  await page.locator(".chart").waitFor();
  assert.equal(await page.locator(".chart .dot").count(), await page.locator(".calibration tbody tr").count());
  for (const each of await page.locator(".learned summary").all()) await each.click();
  await page.getByText("1,38 por esperado").waitFor();
  await page.getByRole("row", { name: /^RR .*Menos de 50/ }).waitFor();
  assert.equal(await page.getByRole("button", { name: "Permitir sexo" }).count(), 0);
  await check("the model card");
  await page.getByRole("button", { name: "Permitir idade" }).click();
  await check("allowing a field");
  await page.keyboard.press("Escape");
}
