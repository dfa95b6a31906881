// The views of the panel. What is in the navigation has an `icon`; what is a gestor's alone says so; `under`
// names the section of a view that is not. A new section is one more line here and a folder in features/.
import { later } from "./core/later.js";
import { leadPage } from "./features/lead/leadPage.js";
import { nextPage } from "./features/next/nextPage.js";
import { searchPage } from "./features/search/searchPage.js";
import { tasksPage } from "./features/tasks/tasksPage.js";

const rulesPage = later("Regras do score", "rulesPage", () => import("./features/rules/rulesPage.js"));
const modelPage = later("Modelo", "modelPage", () => import("./features/model/modelPage.js"));
const draftPage = later("Rascunho de regras", "draftPage", () => import("./features/rules/draftPage.js"));
const versionPage = later("Versão das regras", "versionPage", () => import("./features/rules/versionPage.js"));

export const ROUTES = [
  { path: "#/proximo", pattern: /^#\/proximo$/, title: "Próximo lead", name: "Próximo", icon: "next", view: nextPage },
  { path: "#/tarefas", pattern: /^#\/tarefas$/, title: "Minhas tarefas", name: "Tarefas", icon: "list", view: tasksPage },
  { path: "#/busca", pattern: /^#\/busca$/, title: "Buscar leads", name: "Busca", icon: "search", view: searchPage },
  { path: "#/regras", pattern: /^#\/regras$/, title: "Regras do score", name: "Regras", icon: "rules", view: rulesPage, gestor: true },
  { path: "#/modelo", pattern: /^#\/modelo$/, title: "Modelo", name: "Modelo", icon: "chart", view: modelPage, gestor: true },
  { path: null, pattern: /^#\/regras\/rascunhos\/(\d{1,9})$/, title: "Rascunho de regras", under: "#/regras", view: draftPage, gestor: true },
  { path: null, pattern: /^#\/regras\/versoes\/(\d{1,9})$/, title: "Versão das regras", under: "#/regras", view: versionPage, gestor: true },
  { path: null, pattern: /^#\/leads\/(\d{1,19})$/, title: "Lead", view: leadPage },
];
