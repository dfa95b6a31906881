// The funnel of an equipe: a stage renamed, moved, added, archived with its leads, brought back.
import assert from "node:assert/strict";
import { signedIn } from "./api.js";
import { openPage, signIn } from "./browser.js";
import { fits, section, waitForHeading } from "./steps.js";

export async function stages(browser, { address, senha, teams }) {
  const { page, wrong, context } = await openPage(browser, address);
  await signIn(page, teams[5].gestor, senha);
  await section(page, "Etapas");
  await waitForHeading(page, "Etapas do funil");
  await page.locator(".stage-list li").first().waitFor();
  assert.deepEqual(await names(page), ["Novo", "Contatado", "Qualificado", "Proposta", "Ganho", "Perdido"]);
  await fits(page);
  await changes(page);
  await refuses(page);
  await archives(page);
  await restores(page);
  await elsewhere(page, { address, senha, email: teams[5].gestor });
  assert.deepEqual(wrong.filter((text) => !/status of (412|422)/.test(text)), []);
  await context.close();
}

const boxes = (page) => page.locator(".stage-list").getByLabel("Nome");
const names = async (page) => Promise.all((await boxes(page).all()).map((box) => box.inputValue()));

async function save(page) {
  await page.getByRole("button", { name: "Salvar" }).click();
  await page.getByText("Etapas salvas.").waitFor();
  await page.locator(".stage-list li").first().waitFor();
}

async function changes(page) {
  await boxes(page).nth(1).fill("Primeira conversa");
  await page.getByRole("button", { name: "Descer: Primeira conversa" }).click();
  await page.getByRole("button", { name: "Adicionar etapa" }).click();
  await boxes(page).last().fill("Documentos");
  await page.locator(".stage-list").getByLabel("Prazo em dias").last().fill("10");
  for (let turn = 0; turn < 2; turn += 1) await page.getByRole("button", { name: "Subir: Documentos" }).click();
  await page.getByLabel("Um por linha").fill("Preço\nSem resposta");
  await save(page);
  await page.reload();
  await page.locator(".stage-list li").first().waitFor();
  assert.deepEqual(await names(page), ["Novo", "Qualificado", "Primeira conversa", "Proposta", "Documentos", "Ganho", "Perdido"]);
  assert.equal(await page.locator(".stage-list").getByLabel("Prazo em dias").nth(4).inputValue(), "10");
  assert.equal(await page.getByLabel("Um por linha").inputValue(), "Preço\nSem resposta");
}

// Beside the stage that it is about; what was typed still stands.
async function refuses(page) {
  await boxes(page).nth(1).fill("Novo");
  await page.getByRole("button", { name: "Salvar" }).click();
  await page.getByText("Outra etapa tem este nome.").waitFor();
  assert.equal(await boxes(page).nth(1).getAttribute("aria-invalid"), "true");
  assert.equal(await boxes(page).nth(1).inputValue(), "Novo");
  await boxes(page).nth(1).fill("Qualificado");
}

// The four leads of "Novo" go to another stage.
async function archives(page) {
  await page.getByRole("button", { name: "Arquivar: Novo" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("4 leads estão nela.").waitFor();
  await dialog.getByLabel("Mandar para").selectOption({ label: "Documentos" });
  await dialog.getByRole("button", { name: "Arquivar" }).click();
  await save(page);
  await page.getByRole("button", { name: "Trazer de volta: Novo" }).waitFor();
  await page.locator(".stage-list li").nth(3).getByText("4 leads").waitFor();
  await fits(page);
}

async function restores(page) {
  await page.getByRole("button", { name: "Trazer de volta: Novo" }).click();
  await save(page);
  await comes(async () => (await names(page)).at(-1), "Novo");
}

// The list is drawn anew once it is saved; what was said of the last time may still stand.
async function comes(read, wanted) {
  const end = Date.now() + 10_000;
  while ((await read()) !== wanted && Date.now() < end) await new Promise((go) => setTimeout(go, 50));
  assert.equal(await read(), wanted);
}

// Another gestor was faster: nothing of theirs is overwritten.
async function elsewhere(page, { address, senha, email }) {
  const token = await signedIn(address, email, senha);
  const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
  const { itens } = (await (await fetch(`${address}/stages`, { headers })).json()).data;
  const asked = itens.map(({ chave, nome, tipo }) => ({ chave, nome: nome === "Ganho" ? "Fechado" : nome, tipo }));
  const reply = await fetch(`${address}/stages`, { method: "PUT", headers, body: JSON.stringify({ itens: asked }) });
  assert.equal(reply.status, 200, await reply.text());
  await boxes(page).first().fill("Outra coisa");
  await page.getByRole("button", { name: "Salvar" }).click();
  await page.getByRole("button", { name: "Ver como estão" }).click();
  await page.getByRole("button", { name: "Arquivar: Fechado" }).waitFor();
}
