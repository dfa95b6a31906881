// The views of the panel. What is in the navigation has an `icon`; what is a gestor's alone says so; `under`
// names the section of a view that is not, or that a telephone shows under "Mais". A new section is one more
// line here and a folder in features/.
import { later } from "./core/later.js";
import { leadPage } from "./features/lead/leadPage.js";
import { morePage } from "./features/more/morePage.js";
import { nextPage } from "./features/next/nextPage.js";
import { searchPage } from "./features/search/searchPage.js";
import { tasksPage } from "./features/tasks/tasksPage.js";

const numbersPage = later("Números", "numbersPage", () => import("./features/numbers/numbersPage.js"));
const wallPage = later("Números", "wallPage", () => import("./features/numbers/wallPage.js"));
const importPage = later("Importar leads", "importPage", () => import("./features/imports/importPage.js"));
const runPage = later("Importação", "runPage", () => import("./features/imports/runPage.js"));
const teamPage = later("Equipe", "teamPage", () => import("./features/team/teamPage.js"));
const stagesPage = later("Etapas do funil", "stagesPage", () => import("./features/stages/stagesPage.js"));
const rulesPage = later("Regras do score", "rulesPage", () => import("./features/rules/rulesPage.js"));
const modelPage = later("Modelo", "modelPage", () => import("./features/model/modelPage.js"));
const draftPage = later("Rascunho de regras", "draftPage", () => import("./features/rules/draftPage.js"));
const versionPage = later("Versão das regras", "versionPage", () => import("./features/rules/versionPage.js"));

const MORE = "#/mais";
export const ROUTES = [
  { path: "#/proximo", pattern: /^#\/proximo$/, title: "Próximo lead", name: "Próximo", icon: "next", view: nextPage },
  { path: "#/tarefas", pattern: /^#\/tarefas$/, title: "Minhas tarefas", name: "Tarefas", icon: "list", view: tasksPage },
  { path: "#/busca", pattern: /^#\/busca$/, title: "Buscar leads", name: "Busca", icon: "search", view: searchPage },
  { path: "#/numeros", pattern: /^#\/numeros$/, title: "Números", name: "Números", icon: "figures", view: numbersPage },
  { path: "#/importar", pattern: /^#\/importar$/, title: "Importar leads", name: "Importar", icon: "file", view: importPage, gestor: true, under: MORE },
  { path: "#/equipe", pattern: /^#\/equipe$/, title: "Equipe", name: "Equipe", icon: "people", view: teamPage, gestor: true, under: MORE },
  { path: "#/etapas", pattern: /^#\/etapas$/, title: "Etapas do funil", name: "Etapas", icon: "steps", view: stagesPage, gestor: true, under: MORE },
  { path: "#/regras", pattern: /^#\/regras$/, title: "Regras do score", name: "Regras", icon: "rules", view: rulesPage, gestor: true, under: MORE },
  { path: "#/modelo", pattern: /^#\/modelo$/, title: "Modelo", name: "Modelo", icon: "chart", view: modelPage, gestor: true, under: MORE },
  { path: MORE, pattern: /^#\/mais$/, title: "Mais", name: "Mais", icon: "more", view: (outlet) => morePage(outlet, ROUTES.filter((route) => route.under === MORE)), gestor: true, fold: true },
  { path: null, pattern: /^#\/numeros\/tela$/, title: "Números", under: "#/numeros", view: wallPage },
  { path: null, pattern: /^#\/importar\/(\d{1,19})$/, title: "Importação", under: "#/importar", view: runPage, gestor: true },
  { path: null, pattern: /^#\/regras\/rascunhos\/(\d{1,9})$/, title: "Rascunho de regras", under: "#/regras", view: draftPage, gestor: true },
  { path: null, pattern: /^#\/regras\/versoes\/(\d{1,9})$/, title: "Versão das regras", under: "#/regras", view: versionPage, gestor: true },
  { path: null, pattern: /^#\/leads\/(\d{1,19})$/, title: "Lead", view: leadPage },
];
