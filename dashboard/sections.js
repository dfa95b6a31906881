// The views of the panel. What is in the navigation has an `icon`; what is a gestor's alone says so; `under`
// names the section of a view that is not. A new section is one more line here and a folder in features/.
import { leadPage } from "./features/lead/leadPage.js";
import { modelPage } from "./features/model/modelPage.js";
import { nextPage } from "./features/next/nextPage.js";
import { draftPage } from "./features/rules/draftPage.js";
import { rulesPage } from "./features/rules/rulesPage.js";
import { versionPage } from "./features/rules/versionPage.js";
import { searchPage } from "./features/search/searchPage.js";
import { tasksPage } from "./features/tasks/tasksPage.js";

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
