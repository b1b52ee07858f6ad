import { useEffect, useRef, useState } from "react";
import type { ProductSummary } from "./api";
import { describe } from "./App";
import { checks, type Override, type Withdrawal } from "./checks";
import { Moment } from "./Moment";

interface Props {
  products: ProductSummary[];
  /** Counts up whenever an override was made elsewhere. */
  revision: number;
  onWithdrawn: () => void;
}

/** Wordings that people kept against a rule, and why. */
export function Overrides({ products, revision, onWithdrawn }: Props) {
  const [all, setAll] = useState<Override[] | null>(null);
  const [busy, setBusy] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [still, setStill] = useState<Withdrawal | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);

  useEffect(() => {
    let current = true;
    checks.overrides().then(
      (found) => current && setAll(found),
      (error: unknown) => current && setProblem(describe(error)),
    );
    return () => {
      current = false;
    };
  }, [revision]);

  async function withdraw(override: Override) {
    setBusy(override.override_id);
    setProblem(null);
    try {
      const ended = await checks.withdraw(override.override_id);
      setStill(ended.still_allowed_by.length > 0 ? ended : null);
      setAll((found) => found?.map((item) => (item.override_id === ended.override_id ? ended : item)) ?? null);
      heading.current?.focus();
      onWithdrawn();
    } catch (error) {
      setProblem(describe(error));
    }
    setBusy(null);
  }

  const nameOf = (id: string) => products.find((item) => item.product_id === id)?.name ?? id;
  const reach = ({ product_id: id }: Override) => (id === null ? "Every text" : `Only ${nameOf(id)}`);
  const kept = all?.filter((item) => item.withdrawn_at === null);
  const ended = all?.filter((item) => item.withdrawn_at !== null) ?? [];
  return (
    <section className="overrides" aria-label="Kept wordings">
      <h2 ref={heading} tabIndex={-1}>
        Kept wordings
      </h2>
      {problem && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      {still && (
        <p className="quiet" role="status">
          <q>{still.quote}</q> stays kept: {still.still_allowed_by.map(reach).join(", ")}.
        </p>
      )}
      {kept?.length === 0 && (
        <p className="quiet">None. A wording that you keep against a rule will stand here.</p>
      )}
      <ul>
        {kept?.map((override) => (
          <li key={override.override_id}>
            <div>
              <p>
                <q>{override.quote}</q> <code>{override.rule}</code>
              </p>
              <p>{override.reason}</p>
              <p className="quiet">
                {reach(override)}
                {" · "}
                {override.actor} · <Moment value={override.created_at} />
              </p>
            </div>
            <button
              disabled={busy === override.override_id}
              aria-label={`Withdraw: ${override.quote}`}
              onClick={() => void withdraw(override)}
            >
              Withdraw
            </button>
          </li>
        ))}
      </ul>
      {ended.length > 0 && (
        <details>
          <summary>Withdrawn ({ended.length})</summary>
          <ul>
            {ended.map((override) => (
              <li key={override.override_id}>
                <div>
                  <p>
                    <q>{override.quote}</q> <code>{override.rule}</code>
                  </p>
                  <p>{override.reason}</p>
                  <p className="quiet">
                    {reach(override)} · kept by {override.actor}, withdrawn by {override.withdrawn_by} ·{" "}
                    <Moment value={override.withdrawn_at ?? override.created_at} />
                  </p>
                </div>
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}
