// The figures are asked for again while somebody looks at them.
import { asFailure } from "../../core/failure.js";
import { poll } from "../../core/poll.js";

export const EVERY = 5000; // milliseconds

// `ask()` resolves to what is new, or to null; `show(found)` shows it; `tell(failure)` says whether the
// server was heard: null where it was.
export function watch(ask, { show, tell, signal }) {
  const look = async () => {
    try {
      const found = await ask();
      if (signal.aborted) return true;
      if (found) show(found);
      tell(null);
      return true;
    } catch (error) {
      if (!signal.aborted) tell(asFailure(error));
      return false;
    }
  };
  return poll(look, { every: EVERY, signal });
}
