// One body has one Idempotency-Key until it changes: sent again after a lost reply, it does nothing twice.
import { newKey } from "./api.js";

export function once() {
  let kept = { text: null, key: null };
  return (body) => {
    const text = JSON.stringify(body);
    if (kept.text !== text) kept = { text, key: newKey() };
    return kept.key;
  };
}
