// A gestor and an Excel file with two bad lines: dropped, a mapping corrected, imported, the bad lines
// downloaded, corrected and sent again; then undone. And what is exported.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { signedIn } from "./api.js";
import { openPage, signIn } from "./browser.js";
import { fits, section, waitForHeading } from "./steps.js";

const GOOD = 8;

export async function imports(browser, given) {
  const { address, senha, teams } = given;
  const { page, wrong, context } = await openPage(browser, address);
  const call = caller(address, await signedIn(address, teams[7].gestor, senha));
  await signIn(page, teams[7].gestor, senha);
  const before = await count(call);
  await refuses(page);
  await previews(page, given.workbook);
  await runs(page);
  assert.equal(await count(call), before + GOOD);
  assert.equal(await count(call, "?origem=Feira de maio"), GOOD, "the corrected column");
  assert.equal(await count(call, "?responsavel_id=nenhum"), 0, "each new lead is somebody's");
  await sendsAgain(page, call, before);
  await exports(page);
  await undoes(page);
  assert.equal(await count(call), before + 2);
  assert.deepEqual(wrong.filter((text) => !/status of 4(15|22)/.test(text)), []);
  await context.close();
}

const caller = (address, token) => async (path) => {
  const reply = await fetch(address + path, { headers: { Authorization: `Bearer ${token}` } });
  return (await reply.json()).data;
};

const count = async (call, filters = "?") => (await call(`/leads${filters}&total=1`)).total;

// What is no list of people is told so, and another file can be chosen at once.
async function refuses(page) {
  await section(page, "Importar");
  await page.locator("input[type=file]").setInputFiles({ name: "foto.png", mimeType: "image/png", buffer: Buffer.from("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "latin1") });
  await page.locator(".state.failed").waitFor();
  await page.getByRole("button", { name: "Escolher arquivo" }).waitFor();
}

async function previews(page, workbook) {
  await dropFile(page, workbook);
  await page.getByRole("heading", { name: "contatos.xlsx" }).waitFor();
  await page.getByText("10 linhas, planilha do Excel.").waitFor();
  await page.getByRole("button", { name: "Ler “De antes”" }).click();
  await page.getByText("1 linha, planilha do Excel.").waitFor();
  assert.equal(await page.getByRole("button", { name: "Ler “Vazia”" }).count(), 0);
  await page.getByRole("button", { name: "Ler “Contatos”" }).click();
  await page.getByText("10 linhas, planilha do Excel.").waitFor();
  assert.equal(await page.getByLabel("Nome completo").inputValue(), "nome");
  assert.equal(await page.getByLabel("Celular").inputValue(), "telefone");
  await page.getByLabel("Quem indicou").selectOption({ label: "Origem" });
  await page.getByLabel("Cidade").selectOption({ label: "Telefone" });
  await page.getByRole("button", { name: "Conferir" }).click();
  await page.locator(".preview .wrong").filter({ hasText: /\w/ }).waitFor();
  await page.getByLabel("Cidade").selectOption({ label: "Cidade" });
  await page.getByRole("button", { name: "Conferir" }).click();
  await page.getByText("Conferido agora, em todas as linhas").waitFor();
  assert.deepEqual(await page.locator(".expected dd").allInnerTexts(), [String(GOOD), "0", "0", "0", "2"]);
  await fits(page);
}

// As a person does who drags it from a folder.
async function dropFile(page, path) {
  const bytes = readFileSync(path).toString("base64");
  const files = await page.evaluateHandle((text) => {
    const data = new DataTransfer();
    const content = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
    data.items.add(new File([content], "contatos.xlsx", { type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" }));
    return data;
  }, bytes);
  await page.locator(".drop-zone").dispatchEvent("drop", { dataTransfer: files });
}

async function runs(page) {
  await page.getByRole("radio", { name: "Quem tem menos leads" }).check();
  await page.getByRole("button", { name: "Importar", exact: true }).click();
  await page.getByRole("progressbar", { name: "Linhas importadas" }).waitFor();
  await page.getByRole("heading", { name: "Concluída" }).waitFor({ timeout: 30_000 });
  await page.getByText("Só a aba “Contatos” foi lida. O arquivo tem outras com células: De antes.").waitFor();
  await page.getByRole("heading", { name: "Linhas rejeitadas (2)" }).waitFor();
  await page.getByRole("row", { name: /telefone/ }).waitFor();
  await page.getByRole("row", { name: /email/ }).waitFor();
  await fits(page);
}

// The lines as they were, with a reason; corrected, the same file goes in.
async function sendsAgain(page, call, before) {
  const text = await saved(page, () => page.getByRole("button", { name: "Baixar linhas rejeitadas" }).click());
  assert.match(text, /Otávio do Número Curto[^]*Benedita do E-mail Partido/);
  assert.match(text.split(/\r?\n/)[0], /motivo_da_rejeicao/);
  const corrected = text.replace("(11) 9", "(11) 98111-4321").replace("benedita exemplo", "benedita@exemplo.com.br");
  await page.getByRole("link", { name: "Todas as importações" }).click();
  await waitForHeading(page, "Importar leads");
  await page.locator("input[type=file]").setInputFiles({ name: "corrigidas.csv", mimeType: "text/csv", buffer: Buffer.from(corrected) });
  await page.getByRole("heading", { name: "corrigidas.csv" }).waitFor();
  await page.getByRole("button", { name: "Importar", exact: true }).click();
  await page.getByRole("heading", { name: "Concluída" }).waitFor({ timeout: 30_000 });
  assert.equal(await count(call), before + GOOD + 2);
}

async function exports(page) {
  await page.getByRole("link", { name: "Busca" }).click();
  await page.getByLabel("Quem você procura?").fill("Pessoa Inventada");
  await page.getByRole("button", { name: "Exportar leads" }).click();
  await page.getByRole("radio", { name: "CSV", exact: true }).check();
  await page.getByText("Só quem a busca encontra: “Pessoa Inventada”").waitFor();
  const text = await saved(page, () => page.getByRole("dialog").getByRole("button", { name: "Exportar" }).click());
  assert.equal(text.trim().split("\n").length, 1 + GOOD);
  await page.getByText("Arquivo salvo.").waitFor();
}

async function saved(page, press) {
  const [download] = await Promise.all([page.waitForEvent("download"), press()]);
  return readFileSync(await download.path(), "utf8");
}

// The first import, by the list of those before.
async function undoes(page) {
  await section(page, "Importar");
  await page.getByRole("link", { name: /8 criados/ }).click();
  await page.getByRole("button", { name: "Desfazer importação" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Desfazer" }).click();
  await page.getByText("Importação desfeita.").waitFor();
  await page.getByRole("heading", { name: "Desfeita" }).waitFor();
  assert.equal(await page.getByRole("button", { name: "Desfazer importação" }).count(), 0);
}
