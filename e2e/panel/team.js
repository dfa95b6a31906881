// A gestor and their equipe: somebody is added, enters with the code, is away, leaves.
import assert from "node:assert/strict";
import { openPage, signIn } from "./browser.js";
import { fits, section, waitForHeading } from "./steps.js";

const NEW = { nome: "Ana Fictícia do Exemplo", email: "", senha: "Outra-frase-da-prova-9" };

export async function team(browser, { address, senha, teams }) {
  const { page, wrong, context } = await openPage(browser, address);
  NEW.email = teams[5].vendedor.replace("vendedora@", "ana@");
  await signIn(page, teams[5].gestor, senha);
  await section(page, "Equipe");
  await page.getByText(teams[5].vendedor).waitFor();
  await fits(page);
  await refuses(page, teams[5].vendedor);
  const code = await adds(page);
  await enters(browser, address, code);
  await limits(page);
  await goesAway(page);
  await renews(page);
  await leaves(page);
  assert.deepEqual(wrong.filter((text) => !/status of (409|422)/.test(text)), []);
  await context.close();
  await shutOut(browser, address);
}

const member = (page) => page.getByRole("listitem").filter({ hasText: NEW.email });

async function fillIn(page, { nome, email }) {
  await page.getByRole("button", { name: "Adicionar pessoa" }).click();
  await page.getByRole("dialog").getByLabel("Nome").fill(nome);
  await page.getByRole("dialog").getByLabel("E-mail").fill(email);
  await page.getByRole("dialog").getByRole("button", { name: "Adicionar" }).click();
}

// What was typed still stands where it is refused.
async function refuses(page, known) {
  await fillIn(page, { nome: NEW.nome, email: known });
  const dialog = page.getByRole("dialog");
  await dialog.getByText(/já/).waitFor();
  assert.equal(await dialog.getByLabel("Nome").inputValue(), NEW.nome);
  await dialog.getByRole("button", { name: "Voltar" }).click();
}

async function adds(page) {
  await fillIn(page, NEW);
  await page.getByRole("heading", { name: `Código de ${NEW.nome}` }).waitFor();
  await fits(page);
  const code = await page.locator(".handed code").innerText();
  await page.getByRole("button", { name: "Já entreguei" }).click();
  await member(page).getByText("Vendedor").waitFor();
  return code;
}

// The person opens their account with it, on their own telephone.
async function enters(browser, address, code) {
  const { page, wrong, context } = await openPage(browser, address);
  await page.goto("/painel");
  await page.getByRole("button", { name: "Tenho um código" }).click();
  await waitForHeading(page, "Tenho um código");
  await page.getByLabel("Código").fill(`${code}x`);
  await page.getByLabel("Senha nova").fill(NEW.senha);
  await page.getByRole("button", { name: "Entrar" }).click();
  await page.locator(".wrong").filter({ hasText: /\w/ }).waitFor();
  await page.getByLabel("Código").fill(code);
  await page.getByRole("button", { name: "Entrar" }).click();
  await waitForHeading(page, "Próximo lead");
  assert.deepEqual(wrong.filter((text) => !/status of 4\d\d/.test(text)), []);
  await context.close();
}

async function limits(page) {
  await page.getByRole("button", { name: `Limite: ${NEW.nome}` }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Leads abertos, no máximo").fill("-1");
  await dialog.getByRole("button", { name: "Salvar" }).click();
  await dialog.getByText("O limite vai de 0").waitFor();
  await dialog.getByLabel("Leads abertos, no máximo").fill("40");
  await dialog.getByRole("button", { name: "Salvar" }).click();
  await member(page).getByText("Recebe até 40 leads abertos.").waitFor();
}

async function goesAway(page) {
  await page.getByRole("button", { name: `Ausência: ${NEW.nome}` }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Os leads abertos").selectOption({ label: "passam para Vera Vendedora" });
  await dialog.getByRole("button", { name: "Registrar" }).click();
  await member(page).getByText(/^Ausente\. Volta: /).waitFor();
  await page.getByRole("button", { name: `Voltou: ${NEW.nome}` }).click();
  await page.getByRole("button", { name: `Ausência: ${NEW.nome}` }).waitFor();
}

async function renews(page) {
  await page.getByRole("button", { name: `Novo código: ${NEW.nome}` }).click();
  await page.getByText(/Vale até: /).waitFor();
  await page.getByRole("button", { name: "Já entreguei" }).click();
}

async function leaves(page) {
  await page.getByRole("button", { name: `Tirar acesso: ${NEW.nome}` }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Tirar acesso" }).click();
  await page.getByRole("heading", { name: "Sem acesso" }).waitFor();
  await page.getByRole("button", { name: `Devolver acesso: ${NEW.nome}` }).waitFor();
  await fits(page);
}

async function shutOut(browser, address) {
  const { page, context } = await openPage(browser, address);
  await page.goto("/painel");
  await page.getByLabel("E-mail").fill(NEW.email);
  await page.getByLabel("Senha", { exact: true }).fill(NEW.senha);
  await page.getByRole("button", { name: "Entrar" }).click();
  await page.locator(".wrong").filter({ hasText: /\w/ }).waitFor();
  await context.close();
}
