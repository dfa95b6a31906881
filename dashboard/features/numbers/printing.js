// On paper nothing opens: all tables are open while it is printed.
export function openForPrint(outlet, signal) {
  let opened = [];
  const open = () => {
    opened = [...outlet.querySelectorAll("details.in-figures:not([open])")];
    for (const each of opened) each.open = true;
  };
  const close = () => {
    for (const each of opened) each.open = false;
    opened = [];
  };
  window.addEventListener("beforeprint", open, { signal });
  window.addEventListener("afterprint", close, { signal });
}
