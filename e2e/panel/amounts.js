// How figures are written large, drawn to scale and mapped, asked in the page itself.
import assert from "node:assert/strict";
import { openPage } from "./browser.js";
import { waitForHeading } from "./steps.js";

export async function amounts(browser, { address }) {
  const { page, wrong, context } = await openPage(browser, address);
  await page.goto("/painel");
  await waitForHeading(page, "Entrar");
  const base = await page.evaluate(() => document.querySelector("script").src.replace(/\/main\.js$/, ""));
  await written(page, base);
  await scaled(page, base);
  await mapped(page, base);
  assert.deepEqual(wrong, []);
  await context.close();
}

async function written(page, base) {
  const found = await page.evaluate(async (from) => {
    const { duration, wholeMoney } = await import(`${from}/features/numbers/amounts.js`);
    const money = ["0.49", "80000.00", "999999999.00", "1250000000.00", null].map((text) => wholeMoney(text).replace(/\s/g, " "));
    return [money, [30, 90, 5399, 5400, 172_799, 172_800, null].map(duration)];
  }, base);
  assert.deepEqual(found, [
    ["R$ 0", "R$ 80.000", "R$ 999.999.999", "R$ 1,25 bi", "—"],
    ["menos de 1 min", "2 min", "90 min", "2 h", "48 h", "2 dias", "—"],
  ]);
}

// Lines at whole, round numbers that reach the largest; the largest is as high as it is.
async function scaled(page, base) {
  const found = await page.evaluate(async (from) => {
    const { scale } = await import(`${from}/features/numbers/drawing.js`);
    const edge = { left: 0, right: 0, top: 0, bottom: 0 };
    return [0, 1, 4, 23, 999, 1_100_000].map((most) => {
      const { y, lines } = scale(most, { width: 100, height: 100, edge, text: String });
      const marks = lines.filter((line) => line.tagName === "text").map((line) => Number(line.textContent));
      return [marks, Math.round(y(most)) >= 0, y(0)];
    });
  }, base);
  const marks = [[0, 1], [0, 1], [0, 1, 2, 3, 4], [0, 10, 20, 30], [0, 500, 1000], [0, 500_000, 1_000_000, 1_500_000]];
  assert.deepEqual(found, marks.map((each) => [each, true, 100]));
}

// What was proposed can always be kept, whatever it is.
async function mapped(page, base) {
  const found = await page.evaluate(async (from) => {
    const { targetsOf } = await import(`${from}/features/imports/fields.js`);
    const proposed = [["Fone", "telefone"], ["Cor", "atributos.Cor"], ["Cor", "atributos.cor_preferida"], ["Cor", null], ["atributos", "atributos"]];
    return proposed.map(([coluna, campo]) => targetsOf({ coluna, campo }).filter(({ value }) => value === (campo ?? "")).map(({ name }) => name));
  }, base);
  assert.deepEqual(found, [["Telefone"], ["Atributo: Cor"], ["Atributo: cor_preferida"], ["Não importar"], ["atributos"]]);
}
