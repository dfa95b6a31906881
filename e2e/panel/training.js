// What is learned from closed leads, in the page: trained, read, explained lead by lead; a field allowed,
// a review asked for and answered.
import assert from "node:assert/strict";
import { importClosed, signedIn } from "./api.js";
import { openPage, signIn } from "./browser.js";
import { chanceAddsUp, openLead } from "./reasons.js";
import { fits, section, waitForHeading } from "./steps.js";

const CLOSED = 400;

export async function training(browser, { address, senha, teams }) {
  const { gestor, vendedor } = teams[4];
  const { page, wrong, context } = await openPage(browser, address);
  await signIn(page, gestor, senha);
  await untrained(page);
  // Not before: with so many closed leads the server soon trains by itself.
  await importClosed(address, await signedIn(address, gestor, senha), CLOSED);
  await trains(page);
  await allows(page);
  await declares(page);
  await explains(page);
  await reviews(browser, { address, senha, vendedor });
  await answers(page);
  assert.deepEqual(wrong.filter((text) => !text.includes("status of 422")), []);
  await context.close();
}

async function untrained(page) {
  await section(page, "Modelo");
  await page.getByRole("heading", { name: "Ainda sem modelo" }).waitFor();
}

async function trains(page) {
  await page.getByRole("button", { name: "Treinar agora" }).click();
  await page.locator(".chart").waitFor({ timeout: 60_000 });
  await page.getByRole("heading", { name: /^Em (uso|aprendizado)$/ }).waitFor();
  await page.getByText(`${CLOSED} leads fechados`).waitFor();
  assert.equal(await page.locator(".chart .dot").count(), await page.locator(".calibration tbody tr").count());
  const origin = page.locator(".learned details").filter({ hasText: "Origem" });
  await origin.locator("summary").click();
  await origin.getByRole("row", { name: /^indicacao \+/ }).waitFor();
  await fits(page);
}

async function allows(page) {
  await page.getByRole("button", { name: "Permitir idade" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Permitir" }).click();
  await dialog.getByText("Escreva o motivo.").waitFor();
  await dialog.getByLabel("Motivo").fill("O seguro de vida depende da idade");
  await dialog.getByRole("button", { name: "Permitir" }).click();
  const allowed = page.getByRole("listitem").filter({ hasText: "O seguro de vida depende da idade" });
  await allowed.waitFor();
  await allowed.getByRole("button", { name: "Retirar a permissão de idade" }).click();
  await page.getByRole("button", { name: "Permitir idade" }).waitFor();
}

// The rate that the equipe says, in per cent; what is out of range is refused beside it.
async function declares(page) {
  const box = page.getByLabel("De 100 leads, quantos a equipe ganha?");
  const save = page.getByRole("button", { name: "Salvar taxa" });
  for (const [typed, kept] of [["12.5", "12.5"], ["", ""]]) {
    await box.fill("130");
    await save.click();
    await page.locator(".rate .wrong").filter({ hasText: /\w/ }).waitFor();
    assert.equal(await box.inputValue(), "130");
    await box.fill(typed);
    await save.click();
    await page.getByText("Taxa salva.").last().waitFor();
    await page.reload();
    await box.waitFor();
    assert.equal(await box.inputValue(), kept);
  }
}

// A gestor's own score stands beside the computed one, and goes again.
async function explains(page) {
  await openLead(page, "Marina");
  await chanceAddsUp(page);
  await page.getByRole("button", { name: "Ajustar score" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Score, de 0 a 100").fill("12");
  await dialog.getByLabel("Motivo").fill("Já é cliente do concorrente");
  await dialog.getByRole("button", { name: "Ajustar" }).click();
  await page.locator(".adjusted").getByText("Já é cliente do concorrente").waitFor();
  assert.notEqual(await page.locator(".points-of .score strong").innerText(), "12");
  await page.getByRole("button", { name: "Retirar ajuste" }).click();
  await page.locator(".adjusted").waitFor({ state: "detached" });
}

async function reviews(browser, { address, senha, vendedor }) {
  const { page, wrong, context } = await openPage(browser, address);
  await signIn(page, vendedor, senha);
  await openLead(page, "Marina");
  for (const text of ["Marina vendeu o imóvel", "Ela vendeu mesmo"]) {
    await page.getByRole("button", { name: "Pedir revisão" }).click();
    await page.getByRole("dialog").getByLabel("Motivo").fill(text);
    await page.getByRole("dialog").getByRole("button", { name: "Pedir revisão" }).click();
    await page.getByText(/^(Revisão pedida\.|O score deste lead já tem uma revisão aberta\.)$/).first().waitFor();
  }
  // One at a time: the second stands refused in its dialog, with what was typed.
  assert.equal(await page.getByRole("dialog").getByLabel("Motivo").inputValue(), "Ela vendeu mesmo");
  assert.deepEqual(wrong.filter((text) => !text.includes("status of 409")), []);
  await context.close();
}

async function answers(page) {
  await section(page, "Regras");
  const waiting = page.locator(".reviews li").filter({ hasText: "Marina vendeu o imóvel" });
  await waiting.getByRole("button", { name: /^Responder/ }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("radio", { name: "Corrigir o score" }).check();
  await dialog.getByLabel("Score, de 0 a 100").fill("20");
  await dialog.getByLabel("Resposta").fill("De fato: corrigido por um mês.");
  await dialog.getByRole("button", { name: "Responder" }).click();
  await waiting.waitFor({ state: "detached" });
  await openLead(page, "Marina");
  await page.locator(".adjusted").getByText("Ajustado para 20").waitFor();
  await waitForHeading(page, /^Marina/);
}
