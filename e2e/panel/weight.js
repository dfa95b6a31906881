// What the first view costs somebody who has never been here: all that comes over the line until they can
// ask for the next lead, with its headers.
import assert from "node:assert/strict";
import { openPage, signIn } from "./browser.js";
import { nextButton } from "./steps.js";

const MOST = 150_000; // bytes

export async function weight(browser, { address, senha, teams }) {
  for (const email of [teams[0].vendedor, teams[0].gestor]) {
    const { page, wrong, context } = await openPage(browser, address);
    const devtools = await context.newCDPSession(page);
    let bytes = 0;
    let files = 0;
    await devtools.send("Network.enable");
    devtools.on("Network.loadingFinished", ({ encodedDataLength }) => {
      bytes += encodedDataLength;
      files += 1;
    });
    await signIn(page, email, senha);
    await nextButton(page).waitFor();
    await page.waitForLoadState("networkidle");
    console.log(`  first view: ${files} replies, ${Math.round(bytes / 1000)} kB`);
    assert.ok(bytes <= MOST, `the first view takes ${bytes} bytes`);
    assert.deepEqual(wrong, []);
    await context.close();
  }
}
