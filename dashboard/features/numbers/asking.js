// What is asked of the server for the figures of one period, owner, origin and product.
import { get, look } from "../../core/api.js";
import { isGestor } from "../../core/session.js";
import { dayOf } from "../../core/time.js";

const EVERY_VIEW = ["funnel", "sources"];

export const thisMonth = () => dayOf(Date.now()).slice(0, 7);

// Each call asks whether the figures or the goals have changed, and resolves to all of them, or to null where
// neither has.
export function asker(filters) {
  const known = { metrics: null, goals: null };
  let all = {};
  return async (signal) => {
    const [metrics, goals] = await Promise.all([
      look("/metrics", { query: filters, known: known.metrics, signal }),
      look(`/goals/${thisMonth()}`, { known: known.goals, signal }),
    ]);
    if (!metrics && !goals) return null;
    const others = metrics ? await views(filters, signal) : {};
    all = { ...all, ...others, ...told({ metrics, goals }, known) };
    return all;
  };
}

// What is new of both; it is known from now on.
function told(replies, known) {
  const fresh = Object.entries(replies).filter(([, reply]) => reply);
  for (const [name, { etag }] of fresh) known[name] = etag;
  return Object.fromEntries(fresh.map(([name, { data }]) => [name, data]));
}

// What is expected to close does not depend on the days that have passed.
async function views(filters, signal) {
  const { de: _from, ate: _to, ...whose } = filters;
  const view = (name, query) => get(`/metrics/${name}`, { query, signal });
  const [forecast, sellers, ...others] = await Promise.all([
    view("forecast", whose),
    isGestor() ? view("sellers", filters) : null,
    ...EVERY_VIEW.map((name) => view(name, filters)),
  ]);
  return { forecast, sellers, ...Object.fromEntries(EVERY_VIEW.map((name, at) => [name, others[at]])) };
}
