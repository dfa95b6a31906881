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

// The data and the ETag of a reply; null where that is still the one that is `known`.
/** @param {any} [options] */
export async function look(path, options = {}) {
  const reply = await answered("GET", path, options);
  return reply.status === 304 ? null : { data: await opened(reply), etag: reply.headers.get("ETag") };
}

// A reply that is a file.
/** @param {any} [options] */
export async function getFile(path, options = {}) {
  const reply = await answered("GET", path, options);
  return reply.ok ? reply.blob() : opened(reply);
}

// The data of a reply. Throws a Failure, or an AbortError where `signal` was aborted.
/** @param {any} options */
async function call(method, path, options = {}) {
  return opened(await answered(method, path, options));
}

async function answered(method, path, options) {
  if (options.anonymous) return send(method, path, options);
  if (!session.accessToken()) await renew();
  const used = session.accessToken();
  let reply = await send(method, path, options);
  if (reply.status === 401) {
    // Another call may have renewed it meanwhile.
    if (used === session.accessToken()) await renew();
    reply = await send(method, path, options);
    if (reply.status === 401) session.end("expirou");
  }
  return reply;
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
  const { body = null, query, signal, patience = PATIENCE } = options;
  try {
    return noteTime(await fetch(address(path, query), {
      method,
      headers: headersOf(options),
      body: body === null || body instanceof FormData ? body : JSON.stringify(body),
      signal: ending(signal, patience),
      credentials: "omit",
      redirect: "error",
    }));
  } catch (error) {
    if (signal?.aborted) throw error;
    throw unreachable(error);
  }
}

// A form brings its own kind: its parts are told apart by what only the browser knows.
/** @param {any} options */
function headersOf({ body = null, key, known, match, anonymous, accept = "application/json", prefer }) {
  const headers = {
    Accept: accept,
    "Content-Type": body === null || body instanceof FormData ? null : "application/json",
    Authorization: anonymous ? null : `Bearer ${session.accessToken()}`,
    "Idempotency-Key": key,
    "If-None-Match": known,
    "If-Match": match,
    Prefer: prefer,
  };
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value));
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

function ending(signal, patience) {
  const limit = AbortSignal.timeout(patience);
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
