// A file from the API, saved where the browser saves files: the token goes in a header, so no link can do it.
import { getFile } from "./api.js";

const PATIENCE = 30 * 60_000; // milliseconds

/** @param {any} [options] */
export async function saveFile(path, name, options = {}) {
  const blob = await getFile(path, { accept: "*/*", patience: PATIENCE, ...options });
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The browser has begun by then.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
