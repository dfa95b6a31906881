// Import, export, people and stages at 360 and 1920 pixels, light and dark: axe-core finds nothing, nothing
// is cut off, and what was corrected is what is sent.
import assert from "node:assert/strict";
import { violations } from "./audit.js";
import { openPage, signIn } from "./browser.js";
import { holdImports } from "./heldImports.js";
import { fits, section, waitForHeading } from "./steps.js";

export async function importAudit(browser, given) {
  await shown(browser, given, "light", 360);
  await shown(browser, given, "dark", 1920);
}

async function shown(browser, { address, senha, teams }, scheme, width) {
  const { page, wrong, context } = await openPage(browser, address, { scheme, audited: true });
  await page.setViewportSize({ width, height: 900 });
  const check = async (view) => {
    await fits(page);
    await violations(page, `${view}, ${width} px, ${scheme}`);
  };
  const held = await holdImports(page);
  await signIn(page, teams[7].gestor, senha);
  await section(page, "Importar");
  await page.getByRole("link", { name: /Importação 9.*Concluída/ }).waitFor();
  await check("where a file is dropped");
  await corrects(page, check);
  await runs(page, held, check);
  await undoes(page, check);
  await others(page, check);
  assert.deepEqual(wrong, []);
  await context.close();
}

async function corrects(page, check) {
  await drop(page);
  await waitForFile(page);
  for (const each of await page.locator(".columns summary").all()) await each.click();
  await page.getByText("Linha 9: “a combinar”. Telefone inválido.").waitFor();
  await page.getByLabel("Celular").selectOption({ label: "Mais telefones e e-mails" });
  await page.getByLabel("Congelado").selectOption({ label: "Perdido" });
  await page.getByRole("radio", { name: "Atualizar" }).check();
  await page.getByRole("radio", { name: "Em partes iguais" }).check();
  await page.getByLabel("Gil Gestor").check();
  await check("a preview");
}

// As a person does who drags it from a folder.
async function drop(page) {
  const files = await page.evaluateHandle(() => {
    const data = new DataTransfer();
    data.items.add(new File(["nome\nMaria Inventada\n"], "lista de agosto.csv", { type: "text/csv" }));
    return data;
  });
  await page.locator(".drop-zone").dispatchEvent("dragover", { dataTransfer: files });
  assert.equal(await page.locator(".drop-zone.over").count(), 1);
  await page.locator(".drop-zone").dispatchEvent("drop", { dataTransfer: files });
}

const waitForFile = (page) => page.getByRole("heading", { name: "lista de agosto.csv" }).waitFor();

async function runs(page, held, check) {
  held.over = false;
  await page.getByRole("button", { name: "Importar", exact: true }).click();
  await page.getByText("48.000 de 120.000 linhas, 12.000 por segundo, faltam 4 s.").waitFor();
  const { query, body } = held.asked;
  assert.deepEqual([query.get("previa"), query.get("duplicados")], ["7", "atualizar"]);
  assert.equal(JSON.parse(query.get("responsaveis")).length, 2);
  assert.equal(body.mapeamento.colunas.Celular, "contatos");
  assert.deepEqual(body.mapeamento.valores.etapa, { "Em negociação": "proposta", Ganhou: "ganho", Congelado: "perdido" });
  await check("an import that goes on");
  held.over = true;
  await page.getByRole("heading", { name: "Concluída" }).waitFor();
  await check("a report");
}

async function undoes(page, check) {
  await page.getByRole("button", { name: "Desfazer importação" }).click();
  await check("undoing");
  await page.getByRole("dialog").getByRole("button", { name: "Desfazer" }).click();
  await page.getByText("5 leads saíram, 1 voltou ao que era, 101 ficaram como estão.").waitFor();
  await page.getByRole("link", { name: /Lead 12.*Alguém o mudou/ }).waitFor();
  await check("what was kept");
}

async function others(page, check) {
  await page.getByRole("link", { name: "Busca" }).click();
  await page.getByRole("button", { name: "Exportar leads" }).click();
  await page.getByRole("heading", { name: "Exportar leads" }).waitFor();
  await check("exporting");
  await page.keyboard.press("Escape");
  await section(page, "Equipe");
  await page.getByRole("button", { name: /^Ausência: Vera/ }).waitFor();
  await check("the equipe");
  await page.getByRole("button", { name: "Adicionar pessoa" }).click();
  await check("somebody new");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: /^Tirar acesso: Vera/ }).click();
  await check("somebody leaves");
  await page.keyboard.press("Escape");
  await section(page, "Etapas");
  await page.locator(".stage-list li").first().waitFor();
  await check("the stages");
  if (page.viewportSize().width > 1000) return;
  await page.getByRole("link", { name: "Mais" }).click();
  await waitForHeading(page, "Mais");
  await check("more sections");
}
