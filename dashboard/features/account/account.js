// The person's own account, and the end of their session.
import { get, post } from "../../core/api.js";
import { forgetDrafts } from "../../core/drafts.js";
import * as session from "../../core/session.js";
import { useZone } from "../../core/time.js";

let lastPerson = null;

export async function loadPerson() {
  const person = await get("/auth/me");
  // What somebody had begun to write is theirs.
  if (lastPerson !== null && lastPerson !== person.id) forgetDrafts();
  lastPerson = person.id;
  session.knowPerson(person);
  useZone(person.fuso);
  return person;
}

// The page forgets everything even where the server does not answer.
export async function endSession() {
  try {
    await post("/auth/logout", null);
  } catch {
    // The session ends by itself on the server.
  }
  forgetDrafts();
  session.end("saiu");
}
