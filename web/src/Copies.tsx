import { useCallback, useEffect, useRef, useState } from "react";
import { api, type Job, type ProductDocument } from "./api";
import { describe } from "./App";
import { BriefForm } from "./BriefForm";
import "./copies.css";
import { copies, KINDS, type Copy, type CopyBrief } from "./copy";
import { CopyText } from "./CopyText";
import { Moment } from "./Moment";

const STATUSES: Record<Copy["status"], string> = {
  passed: "the model's sentences as it wrote them",
  repaired: "some of the model's sentences mended or taken out",
  from_record: "every sentence composed from the record",
  empty: "nothing could be said",
};

/** Write copy for a product, follow the work, and read what was written. */
export function Copies({ productId }: { productId: string }) {
  const [written, setWritten] = useState<Copy[] | null>(null);
  const [older, setOlder] = useState<string | null>(null);
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const [job, setJob] = useState<Job | null>(null);
  const [starting, setStarting] = useState(false);
  const [step, setStep] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [product, setProduct] = useState<ProductDocument | null>(null);
  const left = useRef(new AbortController());
  const documents = useRef(new Map<number, Promise<ProductDocument>>());

  const reload = useCallback(async () => {
    const found = await copies.list(productId);
    setWritten(found.copies);
    setOlder(found.next_cursor);
    return found.copies;
  }, [productId]);

  const follow = useCallback(
    async (started: Job) => {
      setJob(started);
      setStep("Waiting for its turn");
      const ended = await api.followJob(
        started.job_id,
        (progress) => setStep(progress.message),
        left.current.signal,
      );
      const before = new Set(ended.result?.copies);
      const found = await reload();
      setOpened((now) => {
        const mine = found.filter((copy) => before.has(copy.copy_id));
        return mine.length > 0 ? new Set(mine.map((copy) => copy.copy_id)) : now;
      });
      setJob(null);
      setStep(ended.status === "cancelled" ? "Cancelled. What was finished stands below." : null);
      if (ended.error) setProblem(`${ended.error.message} ${ended.error.hint}`);
    },
    [reload],
  );

  useEffect(() => {
    const stop = new AbortController();
    left.current = stop;
    const unlessLeft = <T,>(act: (value: T) => void) => (value: T) => {
      if (!stop.signal.aborted) act(value);
    };
    const fail = unlessLeft((error: unknown) => setProblem(describe(error)));
    copies.list(productId).then(
      unlessLeft((found) => {
        setWritten(found.copies);
        setOlder(found.next_cursor);
        setOpened(new Set(found.copies.slice(0, 1).map((copy) => copy.copy_id)));
      }),
      fail,
    );
    api.product(productId).then(unlessLeft(setProduct), fail);
    copies.writing(productId).then(
      unlessLeft((found) => {
        if (found) void follow(found).catch(fail);
      }),
      fail,
    );
    return () => stop.abort();
  }, [productId, follow]);

  async function write(brief: CopyBrief) {
    setStarting(true);
    setProblem(null);
    try {
      const started = await copies.write(productId, brief);
      setStarting(false);
      await follow(started);
    } catch (error) {
      setStarting(false);
      setJob(null);
      setStep(null);
      setProblem(describe(error));
    }
  }

  async function showOlder(cursor: string) {
    try {
      const found = await copies.list(productId, cursor);
      setWritten((now) => [...(now ?? []), ...found.copies]);
      setOlder(found.next_cursor);
    } catch (error) {
      setProblem(describe(error));
    }
  }

  async function cancel(running: Job) {
    try {
      await copies.cancel(running.job_id);
    } catch (error) {
      setProblem(describe(error));
    }
  }

  const documentOf = (version: number) => {
    const known = documents.current.get(version) ?? api.product(productId, version);
    documents.current.set(version, known);
    return known;
  };

  const busy = starting || job !== null;
  return (
    <section className="copies" aria-label="Copy">
      <div className="heading">
        <h2>Copy for {product?.record["name"] ? String(product.record["name"]) : productId}</h2>
      </div>
      <BriefForm busy={busy} onWrite={(brief) => void write(brief)}>
        {job && (
          <button type="button" onClick={() => void cancel(job)}>
            Cancel
          </button>
        )}
        <span className="quiet" role="status">
          {step}
        </span>
      </BriefForm>
      {problem && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      {written?.length === 0 && <p className="quiet">No copy yet. What is written will stand here.</p>}
      {written?.map((copy) => (
        <details
          key={copy.copy_id}
          open={opened.has(copy.copy_id)}
          onToggle={(event) => {
            const isOpen = event.currentTarget.open;
            setOpened((now) => {
              const next = new Set(now);
              if (isOpen) next.add(copy.copy_id);
              else next.delete(copy.copy_id);
              return next;
            });
          }}
        >
          <summary>
            <b>{title(copy)}</b> <span className={`status ${copy.status}`}>{STATUSES[copy.status]}</span>{" "}
            <span className="quiet">
              <Moment value={copy.created_at} /> · record version {copy.product_version}
            </span>
          </summary>
          {copy.brief.comment && (
            <p>
              <span className="quiet">To the comment</span> <q>{copy.brief.comment}</q>
            </p>
          )}
          {copy.warnings.length > 0 && (
            <ul className="notice" aria-label="Before you use it">
              {copy.warnings.map((warning) => (
                <li key={warning}>{warning}</li>
              ))}
            </ul>
          )}
          {copy.stale.length > 0 && (
            <p className="problem">Check it again before you use it: {copy.stale.join("; ")}.</p>
          )}
          {opened.has(copy.copy_id) && (
            <CopyText
              copy={copy}
              product={product}
              document={documentOf}
              busy={busy}
              onAgain={() => void write(copy.brief)}
            />
          )}
        </details>
      ))}
      {older && (
        <button type="button" onClick={() => void showOlder(older)}>
          Show older copies
        </button>
      )}
    </section>
  );
}

function title({ brief, lang }: Copy): string {
  const language = new Intl.DisplayNames("en", { type: "language" }).of(lang) ?? lang;
  const length = brief.kind === "script" || brief.kind === "short_video" ? `${brief.seconds} s` : null;
  return [KINDS[brief.kind], language, length, brief.platform, brief.tone].filter(Boolean).join(" · ");
}
