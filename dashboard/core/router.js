// The address after # says which view is shown, so that a reload or the back button finds it again.
import { closeDialogs } from "./dialog.js";
import { focusFirst } from "./dom.js";

let leaving = null;

// `routes`: {pattern, title, section, view}; the first one is where an unknown address leads.
export function startRouter(outlet, routes, arrived) {
  const go = () => {
    const found = match(routes);
    leaving?.abort();
    leaving = new AbortController();
    closeDialogs();
    document.title = `${found.route.title}: FinLead`;
    outlet.replaceChildren();
    found.route.view(outlet, { id: found.id, signal: leaving.signal });
    focusFirst(outlet);
    window.scrollTo(0, 0);
    arrived(found.route);
  };
  window.addEventListener("hashchange", go);
  go();
  return () => {
    window.removeEventListener("hashchange", go);
    leaving?.abort();
    closeDialogs();
  };
}

function match(routes) {
  for (const route of routes) {
    const found = route.pattern.exec(location.hash);
    if (found) return { route, id: found[1] };
  }
  return { route: routes[0], id: undefined };
}

export function goTo(hash) {
  location.hash = hash;
}
