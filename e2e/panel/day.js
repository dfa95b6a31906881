// A vendedor's day by touch: the next lead, a result, another lead, a promise, the tasks, a reload.
import assert from "node:assert/strict";
import { openPage, signIn } from "./browser.js";
import { fits, nameShown, nextButton, result, takeNext, waitForHeading } from "./steps.js";

export async function day(browser, { address, senha, teams }) {
  const { page, wrong, context } = await openPage(browser, address);
  await signIn(page, teams[0].vendedor, senha);
  const first = await takeNext(page);
  await reaches(page);
  await fits(page);

  await result(page, "Não atendeu").click();
  await waitForHeading(page, "Registrado: Não atendeu");
  const second = await takeNext(page);
  assert.notEqual(second, first, "the lead that did not answer came again at once");

  await page.getByLabel("Anotação").fill("Quer proposta por e-mail");
  await page.getByText("Retorno, etapa").click();
  await page.getByRole("radio", { name: "Amanhã, 9h" }).check();
  await fits(page);
  await result(page, "Atendeu").click();
  await waitForHeading(page, "Registrado: Atendeu");

  await page.getByRole("link", { name: "Tarefas" }).click();
  const task = page.getByRole("listitem").filter({ hasText: second });
  await task.getByText("Amanhã, 09:00").waitFor();
  await fits(page);

  await page.reload();
  await waitForHeading(page, "Minhas tarefas");
  await task.waitFor();
  await task.locator(".open").click();
  await waitForHeading(page, second);
  await page.locator(".timeline").getByText("Quer proposta por e-mail").first().waitFor();
  await page.reload();
  await waitForHeading(page, second);
  await holds(page);
  await searches(page, second);
  await leaves(page);
  assert.deepEqual(wrong, []);
  await context.close();
}

// Links only: the page opens none of them.
async function reaches(page) {
  const hrefs = await page.locator(".contacts a").evaluateAll((links) => links.map((link) => link.href));
  assert.ok(hrefs.some((href) => /^tel:\+55\d{10,11}$/.test(href)), hrefs.join(" "));
  assert.ok(hrefs.some((href) => /^https:\/\/wa\.me\/55\d{10,11}$/.test(href)), hrefs.join(" "));
}

// A reservation outlives a reload and a look elsewhere; then the lead is skipped.
async function holds(page) {
  await page.getByRole("link", { name: "Próximo" }).click();
  const held = await takeNext(page);
  await page.reload();
  await page.locator(".lease").waitFor();
  assert.equal(await nameShown(page), held);
  await page.getByRole("button", { name: "Pular" }).click();
  await page.getByRole("radio", { name: "Faltam dados" }).check();
  await page.getByRole("dialog").getByRole("button", { name: "Pular" }).click();
  await waitForHeading(page, "Lead pulado");
  assert.notEqual(await takeNext(page), held);
  await page.getByRole("button", { name: "Devolver à fila" }).click();
  await waitForHeading(page, "Lead devolvido");
}

async function searches(page, name) {
  await page.getByRole("link", { name: "Busca" }).click();
  const box = page.getByLabel("Quem você procura?");
  const links = page.locator(".people a");
  await box.fill(name.split(" ")[0]);
  await links.filter({ hasText: name }).waitFor();
  await box.fill("4321");
  await page.getByText("2 leads encontrados").waitFor();
  await box.fill("marina@");
  await page.getByText("1 lead encontrado").waitFor();
  await box.fill("ninguém assim");
  await page.getByText("Ninguém encontrado").waitFor();
  await box.fill("Modelo");
  await links.first().click();
  await waitForHeading(page, "Benedita Modelo");
  await page.goBack();
  await links.first().waitFor();
  assert.equal(await box.inputValue(), "Modelo");
}

async function leaves(page) {
  await page.getByRole("button", { name: "Sair" }).click();
  await waitForHeading(page, "Entrar");
  assert.equal(await page.evaluate(() => sessionStorage.length), 0);
  await page.reload();
  await waitForHeading(page, "Entrar");
  assert.equal(await nextButton(page).count(), 0);
}
