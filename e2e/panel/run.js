// Runs every scenario, says how long each took, and fails with the first that fails.
import { amounts } from "./amounts.js";
import { answers } from "./answers.js";
import { audit } from "./audit.js";
import { openBrowser } from "./browser.js";
import { day } from "./day.js";
import { figures } from "./figures.js";
import { gestor } from "./gestor.js";
import { gestorAudit } from "./gestorAudit.js";
import { gestorKeyboard } from "./gestorKeyboard.js";
import { importAudit } from "./importAudit.js";
import { imports } from "./imports.js";
import { keyboard } from "./keyboard.js";
import { officeKeyboard } from "./officeKeyboard.js";
import { parts } from "./parts.js";
import { pictures } from "./pictures.js";
import { reasons } from "./reasons.js";
import { sessions } from "./sessions.js";
import { stages } from "./stages.js";
import { team } from "./team.js";
import { training } from "./training.js";
import { trouble } from "./trouble.js";
import { weight } from "./weight.js";
import { wide } from "./wide.js";
import { wording } from "./wording.js";

const given = JSON.parse(process.env.E2E_PANEL);
const scenarios = {
  "a day by touch": day,
  "a day by keyboard": keyboard,
  "axe, light and dark": audit,
  "why this score": reasons,
  "a gestor's day": gestor,
  "rules by keyboard": gestorKeyboard,
  "a model, trained and contested": training,
  "axe, a gestor's views": gestorAudit,
  "other answers": answers,
  "the first view": weight,
  "figures, wide and narrow": wide,
  "figures that move": figures,
  "a file with two bad lines": imports,
  "import, people and stages, wide and narrow": importAudit,
  "people, stages and files by keyboard": officeKeyboard,
  team,
  stages,
  sessions,
  trouble,
  parts,
  wording,
  amounts,
};
if (given.only) {
  const asked = given.only.split(";");
  const unknown = asked.filter((name) => !(name in scenarios));
  if (unknown.length) throw new Error(`No such story: ${unknown}. There are: ${Object.keys(scenarios).join("; ")}`);
  for (const name of Object.keys(scenarios)) if (!asked.includes(name)) delete scenarios[name];
}
if (given.pictures) Object.assign(scenarios, { pictures });

const LONG = 2000; // characters of a failure: the browser tells of every try
const browser = await openBrowser(given.browser);
try {
  for (const [name, scenario] of Object.entries(scenarios)) {
    const began = Date.now();
    await scenario(browser, given);
    console.log(`  ok ${name}, ${((Date.now() - began) / 1000).toFixed(1)} s`);
  }
} catch (error) {
  console.error(error.stack.slice(0, LONG));
  for (const page of browser.contexts().flatMap((context) => context.pages())) {
    await page.screenshot({ path: given.seen, fullPage: true });
    console.error(`${page.url()} is shown in ${given.seen}`);
  }
  process.exitCode = 1;
} finally {
  await browser.close();
}
