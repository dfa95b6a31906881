// What is asked of the server for the figures of one period, owner, origin and product.
import { get, look } from "../../core/api.js";
import { isGestor } from "../../core/session.js";
import { dayOf } from "../../core/time.js";

const EVERY_VIEW = ["funnel", "sources"];

export const thisMonth = () => dayOf(Date.now()).slice(0, 7);

// Each call asks whether the figures have changed, and resolves to all of them, or to null where not one has.
export function asker(filters) {
  let known = null;
  return async (signal) => {
    const found = await look("/metrics", { query: filters, known, signal });
    if (!found) return null;
    const others = await views(filters, signal);
    known = found.etag;
    return { metrics: found.data, ...others };
  };
}

// What is expected to close does not depend on the days that have passed.
async function views(filters, signal) {
  const { de: _from, ate: _to, ...whose } = filters;
  const view = (name, query) => get(`/metrics/${name}`, { query, signal });
  const [goals, forecast, sellers, ...others] = await Promise.all([
    get(`/goals/${thisMonth()}`, { signal }),
    view("forecast", whose),
    isGestor() ? view("sellers", filters) : null,
    ...EVERY_VIEW.map((name) => view(name, filters)),
  ]);
  return { goals, forecast, sellers, ...Object.fromEntries(EVERY_VIEW.map((name, at) => [name, others[at]])) };
}
