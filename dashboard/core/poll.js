// Looking again and again while somebody sees it: not at all where the page is hidden, ever more rarely
// where it fails.
const LONGEST = 60_000; // milliseconds

// `look` resolves to whether it could look; the first time is `every` milliseconds from now.
export async function poll(look, { every, signal }) {
  let pause = every;
  while (!signal.aborted) {
    await rest(pause, signal);
    await seen(signal);
    if (signal.aborted) return;
    pause = (await look()) ? every : Math.min(pause * 2, LONGEST);
  }
}

// A network that is back ends a long pause.
function rest(milliseconds, signal) {
  return new Promise((resolve) => {
    const turn = new AbortController();
    const over = () => {
      clearTimeout(waiting);
      turn.abort();
      resolve(undefined);
    };
    const waiting = setTimeout(over, milliseconds);
    window.addEventListener("online", over, { signal: turn.signal });
    signal.addEventListener("abort", over, { signal: turn.signal });
  });
}

function seen(signal) {
  if (!document.hidden || signal.aborted) return undefined;
  return new Promise((resolve) => {
    const turn = new AbortController();
    const over = () => {
      turn.abort();
      resolve(undefined);
    };
    document.addEventListener("visibilitychange", () => !document.hidden && over(), { signal: turn.signal });
    signal.addEventListener("abort", over, { signal: turn.signal });
  });
}
