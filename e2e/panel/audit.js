// axe-core on every view, in light and dark: no violation, of any rule it has.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { openPage, signIn } from "./browser.js";
import { nextButton, takeNext, waitForHeading } from "./steps.js";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export async function audit(browser, given) {
  for (const scheme of ["light", "dark"]) await views(browser, given, scheme);
}

async function views(browser, { address, senha, teams }, scheme) {
  const { page, wrong, context } = await openPage(browser, address, { scheme, audited: true });
  const check = (view) => violations(page, `${view}, ${scheme}`);
  await page.goto("/painel");
  await waitForHeading(page, "Entrar");
  await check("signing in");
  await signIn(page, teams[0].vendedor, senha);
  await nextButton(page).waitFor();
  await check("next lead");
  await takeNext(page);
  await page.locator(".days").waitFor();
  await page.getByText("Retorno, etapa").click();
  await page.getByText("Todos os dados").click().catch(() => undefined);
  await check("a lead");
  await page.getByRole("button", { name: "Sem interesse" }).click();
  await check("a question");
  await page.getByRole("button", { name: "Voltar" }).click();
  await page.getByRole("button", { name: "Devolver à fila" }).click();
  await waitForHeading(page, "Lead devolvido");
  await check("between two leads");
  await page.getByRole("link", { name: "Tarefas" }).click();
  await page.locator(".task").first().waitFor();
  await check("tasks");
  await page.getByRole("link", { name: "Busca" }).click();
  await page.getByLabel("Quem você procura?").fill("a");
  await page.getByLabel("Quem você procura?").fill("exemplo");
  await page.locator(".people a").first().waitFor();
  await check("search");
  await cut(page);
  await check("without a network");
  assert.deepEqual(wrong.filter((text) => !text.includes("ERR_INTERNET_DISCONNECTED")), []);
  await context.close();
}

async function cut(page) {
  await page.context().setOffline(true);
  await page.getByLabel("Quem você procura?").fill("outra pessoa");
  await page.getByText("Sem conexão com o servidor").waitFor();
  await page.getByText("Sem internet").waitFor();
}

export async function violations(page, view) {
  await page.evaluate(AXE);
  const found = await page.evaluate(async () => (await axe.run(document)).violations);
  const told = found.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`));
  assert.deepEqual(told, [], `axe on ${view}`);
}
