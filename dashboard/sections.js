// The views of the panel. What is in the navigation has an `icon`; a new section is one more line
// here and a folder in features/.
import { leadPage } from "./features/lead/leadPage.js";
import { nextPage } from "./features/next/nextPage.js";
import { searchPage } from "./features/search/searchPage.js";
import { tasksPage } from "./features/tasks/tasksPage.js";

export const ROUTES = [
  { path: "#/proximo", pattern: /^#\/proximo$/, title: "Próximo lead", name: "Próximo", icon: "next", view: nextPage },
  { path: "#/tarefas", pattern: /^#\/tarefas$/, title: "Minhas tarefas", name: "Tarefas", icon: "list", view: tasksPage },
  { path: "#/busca", pattern: /^#\/busca$/, title: "Buscar leads", name: "Busca", icon: "search", view: searchPage },
  { path: null, pattern: /^#\/leads\/(\d{1,19})$/, title: "Lead", view: leadPage },
];
