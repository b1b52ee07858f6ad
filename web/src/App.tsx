import { useCallback, useEffect, useState, useSyncExternalStore } from "react";
import { api, ApiError, type ModelState, type ProductSummary, type Progress } from "./api";
import { Chat } from "./Chat";
import { Check } from "./Check";
import { Copies } from "./Copies";
import { Intake } from "./Intake";
import { ProductRecord } from "./ProductRecord";

export function App() {
  const [products, setProducts] = useState<ProductSummary[]>([]);
  const [selected, setSelected] = useState<string | null>(null);
  const [models, setModels] = useState<ModelState[]>([]);
  const [pulling, setPulling] = useState<Progress | null>(null);
  const [revision, setRevision] = useState(0);
  const [problem, setProblem] = useState<string | null>(null);
  const page = useSyncExternalStore(onPageChange, () => location.hash.slice(1));
  const isChecking = page === "check";

  const reload = useCallback(async () => {
    try {
      const [found, health] = await Promise.all([api.products(), api.health()]);
      setProducts(found);
      setModels(health.models);
      setSelected((current) => current ?? found[0]?.product_id ?? null);
      setRevision((count) => count + 1);
      setProblem(null);
    } catch (error) {
      setProblem(describe(error));
    }
  }, []);

  useEffect(() => {
    void reload();
  }, [reload]);

  const missing = models.filter((model) => !model.usable && model.state !== "not_configured");

  async function pull() {
    try {
      const job = await api.pullModels();
      const ended = await api.followJob(job.job_id, setPulling);
      setPulling(null);
      if (ended.error) setProblem(`${ended.error.message} ${ended.error.hint}`);
      else await reload();
    } catch (error) {
      setProblem(describe(error));
    }
  }

  return (
    <div className="page">
      <header>
        <h1>Livecue</h1>
        <Pages name="Pages" links={{ "": "Products", check: "Check a text" }} page={isChecking ? page : ""} />
        {problem && (
          <p className="problem" role="alert">
            {problem}
          </p>
        )}
        {missing.length > 0 && (
          <p className="notice">
            {pulling
              ? `Fetching models: ${pulling.message}${share(pulling)}`
              : `Not ready: ${missing.map((model) => `${model.name ?? model.job} (${model.state})`).join(", ")}. `}
            {!pulling && <button onClick={() => void pull()}>Fetch models</button>}
          </p>
        )}
      </header>
      <nav aria-label="Products" hidden={isChecking}>
        <Intake
          onDone={async (first) => {
            if (first) setSelected(first);
            await reload();
          }}
        />
        <ul>
          {products.map((product) => (
            <li key={product.product_id}>
              <button
                className={product.product_id === selected ? "product selected" : "product"}
                aria-pressed={product.product_id === selected}
                onClick={() => setSelected(product.product_id)}
              >
                <span className="name">{product.name}</span>
                <Status value={product.status} />
              </button>
            </li>
          ))}
        </ul>
        {products.length === 0 && <p className="quiet">No product yet. Add its material above.</p>}
      </nav>
      <main hidden={isChecking}>
        {selected && (
          <Pages name="Record and copy" links={{ "": "Record", copy: "Copy" }} page={page === "copy" ? page : ""} />
        )}
        {selected && page === "copy" ? (
          <Copies key={selected} productId={selected} />
        ) : selected ? (
          <ProductRecord key={selected} productId={selected} revision={revision} onChange={reload} />
        ) : (
          <p className="quiet">A product's record and its evidence will stand here.</p>
        )}
      </main>
      <aside aria-label="Assistant" hidden={isChecking}>
        <Chat productId={selected} onTurn={reload} />
      </aside>
      <main className="whole" hidden={!isChecking}>
        <Check products={products} />
      </main>
    </div>
  );
}

interface PagesProps {
  name: string;
  links: Record<string, string>;
  page: string;
}

function Pages({ name, links, page }: PagesProps) {
  return (
    <nav className="pages" aria-label={name}>
      {Object.entries(links).map(([target, title]) => (
        <a key={target} href={`#${target}`} aria-current={target === page ? "page" : undefined}>
          {title}
        </a>
      ))}
    </nav>
  );
}

function onPageChange(tell: () => void): () => void {
  addEventListener("hashchange", tell);
  return () => removeEventListener("hashchange", tell);
}

export function Status({ value }: { value: string }) {
  return <span className={`status ${value}`}>{value.replaceAll("_", " ")}</span>;
}

export function describe(error: unknown): string {
  if (error instanceof ApiError) return `${error.message} ${error.hint}`;
  return error instanceof Error ? error.message : String(error);
}

function share(progress: Progress): string {
  if (!progress.total || progress.done === null) return "";
  return ` ${Math.round((100 * progress.done) / progress.total)} %`;
}
