/** The REST API as this page uses it; shapes mirror /docs. */

export interface Locator {
  page: number | null;
  box: [number, number, number, number] | null;
  second: number | null;
  line: number | null;
  row: number | null;
  sheet: string | null;
}

export interface Evidence {
  source: string;
  file: string;
  locator: Locator;
  quote: string;
}

export interface ProductSummary {
  product_id: string;
  name: string;
  version: number;
  status: string;
  published_version: number | null;
}

export interface ProductDocument {
  product_id: string;
  version: number;
  status: string;
  record: Record<string, unknown>;
  evidence: Record<string, Evidence[]>;
  conflicts: Conflict[];
  dropped: { field: string; value: string; reason: string; file: string | null; rules: string[] }[];
  /** `rules` are those by which no host may say it. */
  set_aside: { text: string; file: string; reason: string; rules: string[] }[];
  corrections: Correction[];
}

/** `policy` names the rule that resolved it (`person`), or why it is open again (`reopened`). */
export interface Conflict {
  field: string;
  status: string;
  policy: string | null;
  values: { value: string; evidence: Evidence[] }[];
}

/** What a person set, chose (`settles`) or, without a value, removed. */
export interface Correction {
  field: string;
  value: string | null;
  was: string | null;
  note: string | null;
  settles: boolean;
  by: string;
  at: string;
}

export interface Progress {
  stage: string;
  message: string;
  done: number | null;
  total: number | null;
}

export interface Job {
  job_id: string;
  kind: string;
  status: string;
  input: Record<string, unknown>;
  result: {
    products?: { product_id: string; status: string }[];
    sources?: { file: string; status: string; error: ApiErrorBody | null }[];
    copies?: string[];
  } | null;
  error: ApiErrorBody | null;
}

export interface ModelState {
  job: string;
  name: string | null;
  state: string;
  usable: boolean;
  hint: string | null;
}

interface ApiErrorBody {
  code: string;
  message: string;
  hint: string;
}

/** An error answer: `message` names the thing, `hint` the mend. */
export class ApiError extends Error {
  readonly hint: string;

  constructor(body: ApiErrorBody) {
    super(body.message);
    this.hint = body.hint;
  }
}

async function checked(response: Response): Promise<Response> {
  if (response.ok) return response;
  const body = (await response.json().catch(() => null)) as { error?: ApiErrorBody } | null;
  throw new ApiError(
    body?.error ?? {
      code: "http_error",
      message: `HTTP ${response.status} from ${new URL(response.url).pathname}`,
      hint: "see the server's log",
    },
  );
}

export async function call<T>(
  method: string,
  path: string,
  body?: unknown,
  signal?: AbortSignal,
): Promise<T> {
  const init: RequestInit = { method, signal: signal ?? null };
  if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers = { "content-type": "application/json" };
  }
  return (await (await checked(await fetch(path, init))).json()) as T;
}

const product = (id: string) => `/api/v1/products/${encodeURIComponent(id)}`;

export const api = {
  health: () => call<{ version: string; models: ModelState[] }>("GET", "/health"),
  products: async () =>
    (await call<{ products: ProductSummary[] }>("GET", "/api/v1/products")).products,
  product: (id: string, version?: number) =>
    call<ProductDocument>("GET", product(id) + (version === undefined ? "" : `?version=${version}`)),
  /** `version` is the one that was looked at: refused when another one waits by now. */
  approve: (id: string, version: number) =>
    call<ProductDocument>("POST", `${product(id)}/approve?version=${version}`),
  reject: (id: string, version: number) =>
    call<ProductDocument>("POST", `${product(id)}/reject?version=${version}`),
  sourceUrl: (id: string, source: string) =>
    `${product(id)}/sources/${encodeURIComponent(source)}`,
  pullModels: () => call<Job>("POST", "/api/v1/models/pull", { names: [] }),

  async upload(file: File): Promise<string> {
    const name = encodeURIComponent(file.webkitRelativePath || file.name);
    const response = await checked(
      await fetch(`/api/v1/uploads?file=${name}`, {
        method: "POST",
        body: file,
        headers: { "content-type": file.type || "application/octet-stream" },
      }),
    );
    return ((await response.json()) as { upload_id: string }).upload_id;
  },

  startIntake: (uploads: string[]) => call<Job>("POST", "/api/v1/intakes", { uploads }),

  /**
   * Follow a job to its end; the browser's EventSource reconnects by Last-Event-ID itself.
   * After an abort nothing more is told, and the promise stays open.
   */
  followJob(
    jobId: string,
    onProgress: (progress: Progress) => void,
    signal?: AbortSignal,
  ): Promise<Job> {
    return new Promise((resolve) => {
      const events = new EventSource(`/api/v1/jobs/${jobId}/events`);
      signal?.addEventListener("abort", () => events.close());
      events.addEventListener("progress", (event) => {
        onProgress((JSON.parse(event.data) as { progress: Progress }).progress);
      });
      events.addEventListener("job", (event) => {
        events.close();
        resolve(JSON.parse(event.data) as Job);
      });
    });
  },

  /** One chat turn, streamed; `onText` gets deltas. */
  async chat(
    messages: ChatMessage[],
    productId: string | null,
    onText: (delta: string) => void,
    onProgress: (progress: Progress) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const response = await checked(
      await fetch("/v1/chat/completions", {
        method: "POST",
        signal,
        headers: { "content-type": "application/json" },
        body: JSON.stringify({
          model: "livecue",
          messages,
          stream: true,
          metadata: productId === null ? {} : { product_id: productId },
        }),
      }),
    );
    if (response.body === null) throw new Error("the answer has no body");
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const lines = (rest + value).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        if (!line.startsWith("data: ") || line === "data: [DONE]") continue;
        const chunk = JSON.parse(line.slice(6)) as ChatChunk;
        if (chunk.error) throw new ApiError(chunk.error);
        if (chunk.livecue?.progress) onProgress(chunk.livecue.progress);
        const delta = chunk.choices[0]?.delta.content;
        if (delta) onText(delta);
      }
    }
  },
};

export interface ChatMessage {
  role: "user" | "assistant";
  content: string;
}

interface ChatChunk {
  error?: ApiErrorBody;
  livecue?: { progress?: Progress };
  choices: { delta: { content?: string } }[];
}
