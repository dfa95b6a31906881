// Calls of the public API: the envelope is opened here, and an expired access token is renewed once.
import { Failure, refusal, unreachable } from "./failure.js";
import * as session from "./session.js";

const OVER = "Sua sessão terminou. Entre de novo.";
const PATIENCE = 30_000; // milliseconds
let renewal = null;
let ahead = 0; // milliseconds that the server's clock is ahead of this one

export const get = (path, options) => call("GET", path, options);
export const post = (path, body = null, options = {}) => call("POST", path, { body, ...options });
export const patch = (path, body, options = {}) => call("PATCH", path, { body, ...options });
export const put = (path, body, options = {}) => call("PUT", path, { body, ...options });
export const remove = (path, options = {}) => call("DELETE", path, options);

// The data of a reply. Throws a Failure, or an AbortError where `signal` was aborted.
/** @param {any} options */
async function call(method, path, options = {}) {
  if (options.anonymous) return opened(await send(method, path, options));
  if (!session.accessToken()) await renew();
  const used = session.accessToken();
  let reply = await send(method, path, options);
  if (reply.status === 401) {
    // Another call may have renewed it meanwhile.
    if (used === session.accessToken()) await renew();
    reply = await send(method, path, options);
    if (reply.status === 401) session.end("expirou");
  }
  return opened(reply);
}

// Everybody who needs a new token waits for the same one: each refresh token works once.
function renew() {
  renewal ??= exchange().finally(() => { renewal = null; });
  return renewal;
}

async function exchange() {
  const token = session.refreshToken();
  if (!token) throw ended();
  const turn = session.currentTurn();
  const body = { refresh_token: token };
  const reply = await send("POST", "/auth/refresh", { body, anonymous: true });
  if (reply.status === 401 || reply.status === 422) throw ended();
  const tokens = await opened(reply);
  if (turn !== session.currentTurn()) throw new Failure(OVER, { status: 401 });
  session.keepTokens(tokens);
}

function ended() {
  session.end("expirou");
  return new Failure(OVER, { status: 401 });
}

/** @param {any} [options] */
async function send(method, path, options = {}) {
  const { body = null, query, key, anonymous, signal } = options;
  const headers = { Accept: "application/json" };
  if (body !== null) headers["Content-Type"] = "application/json";
  if (!anonymous) headers.Authorization = `Bearer ${session.accessToken()}`;
  if (key) headers["Idempotency-Key"] = key;
  try {
    return noteTime(await fetch(address(path, query), {
      method,
      headers,
      body: body === null ? undefined : JSON.stringify(body),
      signal: patience(signal),
      credentials: "omit",
      redirect: "error",
    }));
  } catch (error) {
    if (signal?.aborted) throw error;
    throw unreachable(error);
  }
}

function noteTime(reply) {
  const told = Date.parse(reply.headers.get("Date"));
  if (told) ahead = told - Date.now();
  return reply;
}

// By the server's clock, which refuses what lies in its future.
export const serverNow = () => Date.now() + ahead;

function address(path, query) {
  const given = Object.entries(query ?? {}).filter(([, value]) => value !== null && value !== undefined);
  return given.length ? `${path}?${new URLSearchParams(given)}` : path;
}

function patience(signal) {
  const limit = AbortSignal.timeout(PATIENCE);
  if (!signal) return limit;
  return AbortSignal.any ? AbortSignal.any([signal, limit]) : signal;
}

async function opened(reply) {
  const body = await reply.json().catch(() => null);
  if (!reply.ok || body?.success !== true) throw refusal(reply, body);
  return body.data;
}

// For calls that must not be done twice. crypto.randomUUID is there over HTTPS only.
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
