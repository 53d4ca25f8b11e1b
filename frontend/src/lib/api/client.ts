/** How long a read may take before the server counts as away, in milliseconds. */
const READ_TIMEOUT = 4_000;
/** The same for a request that changes something: it is acknowledged only once it is on disk. */
const WRITE_TIMEOUT = 30_000;

const PROXY_ERRORS = [502, 503, 504];

/** The server answered with an error: RFC 9457, where `detail` says what a person can do. */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";

  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    /** Further members of the problem document. */
    readonly members: Readonly<Record<string, unknown>> = {},
  ) {
    super(detail);
  }
}

/** No answer: the server is stopped, restarting or out of reach. Only what is read is asked for again by itself. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";

  constructor(method = "GET") {
    const then =
      method === "GET" ? "This page tries again by itself." : "See whether it was done before you try again.";
    super(`The server does not answer. ${then}`);
  }
}

interface Call {
  body?: unknown;
  signal?: AbortSignal;
}

/** The address of an API path, below whatever prefix the page is served from. */
export function apiUrl(path: string): string {
  return new URL(`api/${path}`, document.baseURI).href;
}

/** The prefix below which the page is served, without its last slash. */
export function pagePrefix(): string {
  return new URL(document.baseURI).pathname.replace(/\/$/, "");
}

export function apiGet<T>(path: string, signal?: AbortSignal): Promise<T> {
  return call<T>("GET", path, signal ? { signal } : {}, READ_TIMEOUT);
}

export function apiPost<T>(path: string, body?: unknown): Promise<T> {
  return call<T>("POST", path, { body }, WRITE_TIMEOUT);
}

export function apiPut<T>(path: string, body: unknown): Promise<T> {
  return call<T>("PUT", path, { body }, WRITE_TIMEOUT);
}

export function apiPatch<T>(path: string, body: unknown): Promise<T> {
  return call<T>("PATCH", path, { body }, WRITE_TIMEOUT);
}

export async function apiDelete(path: string): Promise<void> {
  await call<unknown>("DELETE", path, {}, WRITE_TIMEOUT);
}

/** Asks for a file, which takes as long as it takes. */
export async function apiFile(path: string, body: unknown): Promise<{ name: string; data: Blob }> {
  const response = await fetch(apiUrl(path), {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "Content-Type": "application/json" },
  }).catch(() => {
    throw new Unreachable("POST");
  });
  if (!response.ok) throw refusal("POST", response.status, await response.text());
  const name = /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") ?? "")?.[1];
  return { name: name ?? "export", data: await whole(response) };
}

/** A file of which only the beginning came is none. */
async function whole(response: Response): Promise<Blob> {
  try {
    return await response.blob();
  } catch {
    throw new Unreachable("POST");
  }
}

/** Whether the server is of a kind that lacks what was called: then the page does without. */
export function isMissing(error: unknown): boolean {
  return error instanceof ApiProblem && (error.status === 404 || error.status === 405);
}

/** Reads an error answer, also one that is not a problem document (a proxy's page, say). */
export function problemFrom(status: number, body: string): ApiProblem {
  const problem = parseObject(body);
  const title = typeof problem?.title === "string" ? problem.title : `Error ${status}`;
  const detail = typeof problem?.detail === "string" && problem.detail ? problem.detail : null;
  return new ApiProblem(
    status,
    title,
    detail ?? `The server answered with an error (${status}). Its log says more.`,
    problem ?? {},
  );
}

async function call<T>(method: string, path: string, { body, signal }: Call, timeout: number): Promise<T> {
  const limit = AbortSignal.timeout(timeout);
  const init: RequestInit = { method, signal: signal ? AbortSignal.any([signal, limit]) : limit };
  if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers = { "Content-Type": "application/json" };
  }
  let response: Response;
  let text: string;
  try {
    response = await fetch(apiUrl(path), init);
    text = await response.text();
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Unreachable(method);
  }
  if (!response.ok) throw refusal(method, response.status, text);
  return (text ? JSON.parse(text) : undefined) as T;
}

/** A proxy that answers in the server's stead says that there is no server. */
function refusal(method: string, status: number, text: string): ApiProblem | Unreachable {
  const proxied = PROXY_ERRORS.includes(status) && !parseObject(text)?.detail;
  return proxied ? new Unreachable(method) : problemFrom(status, text);
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
