// How rules and chances are written, asked in the page itself: amounts as Brazilians type them, rules as
// sentences, steps that end where the chance is.
import assert from "node:assert/strict";
import { openPage } from "./browser.js";
import { waitForHeading } from "./steps.js";

export async function wording(browser, { address }) {
  const { page, wrong, context } = await openPage(browser, address);
  await page.goto("/painel");
  await waitForHeading(page, "Entrar");
  const base = await page.evaluate(() => document.querySelector("script").src.replace(/\/main\.js$/, ""));
  await values(page, base);
  await sentences(page, base);
  await steps(page, base);
  assert.deepEqual(wrong, []);
  await context.close();
}

async function values(page, base) {
  const found = await page.evaluate(async (from) => {
    const { typedOf, valueOf } = await import(`${from}/features/rules/values.js`);
    const typed = [["3.000,50", "dinheiro"], ["R$ 1.234.567", "dinheiro"], ["3000.5", "dinheiro"], ["muito", "dinheiro"], ["1,5", "numero"], ["-30", "numero"], ["", "numero"], ["dentista", "atributo"], ["12", "atributo"], [" 12 ", "texto"]];
    const kept = [["3000.50", "dinheiro"], [3000, "dinheiro"], [1.5, "numero"], [null, "numero"], ["12", "texto"]];
    return [typed.map((each) => valueOf(...each)), kept.map((each) => typedOf(...each))];
  }, base);
  assert.deepEqual(found, [
    ["3000.50", "1234567", "3000.5", "muito", 1.5, -30, "", "dentista", 12, "12"],
    ["3.000,50", "3.000,00", "1,5", "", "12"],
  ]);
}

async function sentences(page, base) {
  const told = await page.evaluate(async (from) => {
    const { inWords } = await import(`${from}/features/rules/vocabulary.js`);
    const { shower } = await import(`${from}/features/rules/values.js`);
    const show = shower({ itens: [{ chave: "qualificado", nome: "Qualificado" }] });
    return [
      { campo: "telefone", operador: "preenchido", valor: null },
      { campo: "renda_mensal", operador: "minimo", valor: "3000.00" },
      { campo: "valor", operador: "entre", valor: [1000, 2000.5] },
      { campo: "etapa", operador: "em", valor: ["qualificado", "sumida"] },
      { campo: "dias_sem_contato", operador: "acima", valor: 30 },
      { campo: "atributos.profissao", operador: "diferente", valor: "dentista" },
    ].map((rule) => inWords(rule, show).replace(/\s/g, " "));
  }, base);
  assert.deepEqual(told, [
    "Telefone está preenchido",
    "Renda mensal é pelo menos R$ 3.000,00",
    "Valor está entre R$ 1.000,00 e R$ 2.000,50",
    "Etapa é um destes: Qualificado, sumida",
    "Dias sem contato passa de 30",
    "profissao não é dentista",
  ]);
}

// However many and however small they are.
async function steps(page, base) {
  const off = await page.evaluate(async (from) => {
    const { stepsOf } = await import(`${from}/features/score/chance.js`);
    const tenths = (logit) => Math.round(1000 / (1 + Math.exp(-logit))) / 10;
    return Array.from({ length: 50 }, (_, turn) => {
      const partes = Array.from({ length: turn }, (_, at) => ({ motivo: "", logit: Math.sin(turn * 7 + at * 3) / 3 }));
      const sum = stepsOf({ base: -1.7, partes }).steps.reduce((total, { pontos }) => total + pontos, tenths(-1.7));
      const end = tenths(partes.reduce((total, { logit }) => total + logit, -1.7));
      return Math.abs(sum - end);
    }).filter((each) => each > 0.051);
  }, base);
  assert.deepEqual(off, []);
}
