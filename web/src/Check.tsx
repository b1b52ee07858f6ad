import { useEffect, useRef, useState, type DragEvent } from "react";
import { ApiError, type ProductSummary } from "./api";
import { describe } from "./App";
import "./check.css";
import { CheckResult, type Checked } from "./CheckResult";
import {
  checks,
  JURISDICTIONS,
  type CheckRequest,
  type ComplianceReport,
  type Jurisdiction,
} from "./checks";
import { Jurisdictions, unlessAll } from "./Jurisdictions";
import { Overrides } from "./Overrides";
import { placesOf } from "./places";
import { readTextFile } from "./textFile";

/** Check a text: findings in place, a rewrite that passes, and the wordings that people kept. */
export function Check({ products }: { products: ProductSummary[] }) {
  const [text, setText] = useState("");
  const [jurisdictions, setJurisdictions] = useState<readonly Jurisdiction[]>(JURISDICTIONS);
  const [category, setCategory] = useState("");
  const [productId, setProductId] = useState("");
  const [withModel, setWithModel] = useState(false);
  const [checked, setChecked] = useState<Checked | null>(null);
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState<string | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const [round, setRound] = useState(0);
  const [revision, setRevision] = useState(0);
  const [over, setOver] = useState(false);
  const [limit, setLimit] = useState<number | null>(null);
  const running = useRef<AbortController | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const outcome = useRef<HTMLHeadingElement>(null);

  useEffect(() => {
    let current = true;
    checks.limit().then(
      (found) => current && setLimit(found),
      (error: unknown) => current && setProblem(error),
    );
    return () => {
      current = false;
    };
  }, []);

  async function check(wanted: CheckRequest, word = "") {
    running.current?.abort();
    const stop = new AbortController();
    running.current = stop;
    setBusy(true);
    setProblem(null);
    setSaid(null);
    try {
      const report = await checks.check(wanted, stop.signal);
      setChecked({ wanted, report });
      setRound((before) => before + 1);
      setSaid(`${word}${summary(wanted.text, report)}`);
    } catch (error) {
      if (stop.signal.aborted) return;
      setProblem(error);
      setChecked(null);
    }
    running.current = null;
    setBusy(false);
  }

  function stop() {
    running.current?.abort();
    running.current = null;
    setBusy(false);
    setSaid("Stopped.");
  }

  async function read(file: File | undefined) {
    if (file === undefined) return;
    setProblem(null);
    try {
      const { text: found, encoding } = await readTextFile(file);
      setText(found);
      setSaid(`${file.name}${encoding === null ? "" : `, read as ${encoding}`}`);
    } catch (error) {
      setProblem(error);
    }
  }

  function drop(event: DragEvent) {
    if (event.dataTransfer.files.length === 0) return;
    event.preventDefault();
    setOver(false);
    void read(event.dataTransfer.files[0]);
  }

  function kept(wanted: CheckRequest) {
    setRevision((before) => before + 1);
    outcome.current?.focus();
    void check(wanted, "Kept. Checked again. ");
  }

  const report = checked?.report;
  const length = [...text].length;
  const isTooLong = limit !== null && length > limit;
  return (
    <div className="check">
      <form
        className="ask"
        aria-label="Text to check"
        onSubmit={(event) => {
          event.preventDefault();
          void check({
            text,
            jurisdictions: unlessAll(jurisdictions),
            category: category.trim() || null,
            product_id: productId || null,
            rewrite_with: withModel ? "model" : "rules",
          });
        }}
      >
        <h2>Check a text</h2>
        <textarea
          ref={field}
          aria-label="Text"
          className={over ? "over" : undefined}
          rows={6}
          value={text}
          placeholder="What the host will say, or what the page says. Paste it here, or drop a .txt file."
          onChange={(event) => setText(event.target.value)}
          onDragOver={(event) => {
            if (![...event.dataTransfer.types].includes("Files")) return;
            event.preventDefault();
            setOver(true);
          }}
          onDragLeave={() => setOver(false)}
          onDrop={drop}
        />
        <div className="row">
          <button type="button" className="small" onClick={() => input.current?.click()}>
            Open a text file…
          </button>
          <input
            ref={input}
            type="file"
            accept=".txt,.md,text/plain"
            hidden
            aria-label="Text file"
            onChange={(event) => {
              void read(event.target.files?.[0]);
              event.target.value = "";
            }}
          />
          <span className={isTooLong ? "problem" : "quiet"} role={isTooLong ? "alert" : undefined}>
            {length.toLocaleString()}
            {limit !== null && ` of ${limit.toLocaleString()}`} characters
            {isTooLong && ": check it in parts, or raise LIVECUE_LIMITS__CHECK_CHARS"}
          </span>
        </div>
        <Jurisdictions chosen={jurisdictions} onChange={setJurisdictions} />
        <div className="options">
          <label>
            What is sold
            <input
              value={category}
              list="categories"
              placeholder="as the text says"
              onChange={(event) => setCategory(event.target.value)}
            />
            <datalist id="categories">
              {["cosmetics", "food", "supplement", "medicine", "medical device", "disinfectant"].map((kind) => (
                <option key={kind} value={kind} />
              ))}
            </datalist>
          </label>
          <label>
            Product
            <select value={productId} onChange={(event) => setProductId(event.target.value)}>
              <option value="">none</option>
              {products.map((product) => (
                <option key={product.product_id} value={product.product_id}>
                  {product.name}
                </option>
              ))}
            </select>
          </label>
          <label className="tick">
            <input
              type="checkbox"
              checked={withModel}
              onChange={(event) => setWithModel(event.target.checked)}
            />
            Let the model rewrite
          </label>
          {busy ? (
            <button type="button" className="go" onClick={stop}>
              Stop
            </button>
          ) : (
            <button className="primary go" disabled={text.trim() === "" || isTooLong || jurisdictions.length === 0}>
              Check
            </button>
          )}
        </div>
      </form>
      <section className={busy ? "result busy" : "result"} aria-label="Result" aria-busy={busy}>
        <div className="heading">
          <h2 ref={outcome} tabIndex={-1}>
            Result
          </h2>
          <p role="status" className={report && !report.violating && !busy ? "passed" : undefined}>
            {busy ? (withModel ? "Checking, and rewriting with the model…" : "Checking…") : said}
          </p>
        </div>
        {problem !== null && <Problem error={problem} />}
        {checked === null && problem === null && !busy && (
          <p className="quiet">What the rules object to will be marked here, with what to say instead.</p>
        )}
        {checked && report && (
          <>
            {checked.wanted.text !== text && (
              <p className="quiet">The text has changed since; this is about the text as it was.</p>
            )}
            {report.findings.length > 0 && (
              <CheckResult
                key={round}
                checked={checked}
                product={productOf(products, checked.wanted.product_id)}
                onTake={() => {
                  setText(report.rewrite);
                  field.current?.focus();
                }}
                onKept={() => kept(checked.wanted)}
              />
            )}
            <details className="quiet">
              <summary>{report.packs.length} rule packs</summary>
              {report.packs.join(", ")}
            </details>
          </>
        )}
      </section>
      <Overrides
        products={products}
        revision={revision}
        onWithdrawn={() => {
          if (checked) void check(checked.wanted, "Withdrawn. Checked again. ");
        }}
      />
    </div>
  );
}

function Problem({ error }: { error: unknown }) {
  return (
    <p className="problem" role="alert">
      {error instanceof ApiError ? (
        <>
          {error.message}
          <br />
          <span className="hint">{error.hint}</span>
        </>
      ) : (
        describe(error)
      )}
    </p>
  );
}

function productOf(products: ProductSummary[], id: string | null) {
  const found = products.find((product) => product.product_id === id);
  return found ? { id: found.product_id, name: found.name } : null;
}

function summary(text: string, { findings }: ComplianceReport): string {
  if (findings.length === 0) return "Nothing found: no rule objects to this text.";
  const violations = findings.filter((finding) => finding.severity === "violation").length;
  const kept = findings.filter((finding) => finding.override).length;
  const parts = [
    violations > 0 ? count(violations, "violation") : "No violation",
    ...(findings.length > violations + kept ? [count(findings.length - violations - kept, "notice")] : []),
    ...(kept > 0 ? [`${kept} kept`] : []),
  ];
  return `${parts.join(", ")}, at ${count(placesOf(text, findings).length, "place")}.`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
