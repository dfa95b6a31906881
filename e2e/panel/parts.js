// What the views are made of, asked in the page itself: times in any zone, links, who a text looks for.
import assert from "node:assert/strict";
import { openPage } from "./browser.js";
import { waitForHeading } from "./steps.js";

export async function parts(browser, { address }) {
  const { page, wrong, context } = await openPage(browser, address);
  await page.goto("/painel");
  await waitForHeading(page, "Entrar");
  const base = await page.evaluate(() => document.querySelector("script").src.replace(/\/main\.js$/, ""));
  await times(page, base);
  await links(page, base);
  await writing(page, base);
  assert.deepEqual(wrong, []);
  await context.close();
}

async function times(page, base) {
  const found = await page.evaluate(async (from) => {
    const time = await import(`${from}/core/time.js`);
    const at = (zone, local) => {
      time.useZone(zone);
      const instant = time.toInstant(local);
      return [instant, time.toLocal(instant)];
    };
    return {
      saoPaulo: at("America/Sao_Paulo", "2026-08-01T09:00"),
      noronha: at("America/Noronha", "2026-08-01T09:00"),
      rioBranco: at("America/Rio_Branco", "2026-12-31T23:30"),
      // The last day on which clocks went forward at midnight.
      forward: at("America/Sao_Paulo", "2018-11-04T01:30"),
      nothing: time.toInstant(""),
      nine: new Intl.DateTimeFormat("pt-BR", { timeZone: "America/Sao_Paulo", hour: "2-digit" }).format(
        (time.useZone("America/Sao_Paulo"), new Date(time.atHour(1, 9))),
      ),
    };
  }, base);
  assert.deepEqual(found, {
    saoPaulo: ["2026-08-01T12:00:00.000Z", "2026-08-01T09:00"],
    noronha: ["2026-08-01T11:00:00.000Z", "2026-08-01T09:00"],
    rioBranco: ["2027-01-01T04:30:00.000Z", "2026-12-31T23:30"],
    forward: ["2018-11-04T03:30:00.000Z", "2018-11-04T01:30"],
    nothing: null,
    nine: "09",
  });
}

async function links(page, base) {
  const let_in = await page.evaluate(async (from) => {
    const { h } = await import(`${from}/core/dom.js`);
    const hrefs = [
      "#/tarefas", "tel:+5511987654321", "mailto:lead@exemplo.com.br", "https://wa.me/5511987654321", "/docs",
      "javascript:alert(1)", " javascript:alert(1)", "data:text/html,x", "//fora.exemplo", "https://wa.me.fora.exemplo/1",
      "https://wa.me/1?x=1", "mailto:a@exemplo.com.br?bcc=b@exemplo.com.br", "tel:+1;x", "http://fora.exemplo",
    ];
    return hrefs.filter((href) => {
      try {
        return h("a", { href });
      } catch {
        return false;
      }
    });
  }, base);
  assert.equal(let_in.length, 5, let_in.join(" "));
}

async function writing(page, base) {
  const shown = await page.evaluate(async (from) => {
    const format = await import(`${from}/core/format.js`);
    return [
      format.phone("+5511987654321"), format.phone("+551134567890"), format.phone("+14155550100"),
      format.document("52998224725"), format.document("12ABC34501DE35"), format.money("280000.50").replace(/\s/g, " "),
      format.whatsappLink("+5511987654321"), format.telLink("+5511987654321"), format.mailLink("a+b?c@exemplo.com.br"),
    ];
  }, base);
  assert.deepEqual(shown, [
    "(11) 98765-4321", "(11) 3456-7890", "+14155550100",
    "529.982.247-25", "12.ABC.345/01DE-35", "R$ 280.000,50",
    "https://wa.me/5511987654321", "tel:+5511987654321", "mailto:a%2Bb%3Fc@exemplo.com.br",
  ]);
}
