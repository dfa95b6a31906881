// Long work of the server, followed until it ends.
import { get } from "./api.js";
import { Failure } from "./failure.js";

const PAUSE = 700; // milliseconds between two looks
const ENDED = new Set(["concluida", "falhou", "cancelada"]);

// Some calls answer with what they found, or with a job that finds it.
export const isJob = (data) => typeof data?.tipo === "string" && "progresso" in data;

// Resolves to the job that is done; throws where it failed or was cancelled. `tell(job)` is called at
// each look.
export async function follow(begun, { tell, signal }) {
  let job = begun;
  tell(job);
  while (!ENDED.has(job.estado)) {
    await pause(signal);
    job = await look(job, signal);
    tell(job);
  }
  if (job.estado === "concluida") return job;
  throw new Failure(job.erro?.mensagem ?? "O trabalho foi cancelado.", { status: 409 });
}

// The newest job of a kind that has not ended, for who comes back to a page; null if there is none.
export async function underWay(tipo, signal) {
  const { itens } = await get("/jobs?estado=na_fila&estado=em_andamento", { signal });
  return itens.find((job) => job.tipo === tipo) ?? null;
}

// The work goes on without this page: a look that fails for want of a network is no news of it.
async function look(job, signal) {
  try {
    return await get(`/jobs/${job.id}`, { signal });
  } catch (error) {
    if (error instanceof Failure && error.unanswered) return job;
    throw error;
  }
}

function pause(signal) {
  return new Promise((resolve, reject) => {
    const gone = () => {
      clearTimeout(waiting);
      reject(signal.reason);
    };
    const waiting = setTimeout(() => {
      signal.removeEventListener("abort", gone);
      resolve(undefined);
    }, PAUSE);
    signal.addEventListener("abort", gone, { once: true });
  });
}
