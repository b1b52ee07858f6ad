import { useState } from "react";
import type { ProductDocument } from "./api";
import { describe } from "./App";
import { checks, type Finding } from "./checks";
import type { Copy, Removal } from "./copy";
import { KeepForm } from "./KeepWording";

interface Props {
  copy: Copy;
  product: ProductDocument | null;
  busy: boolean;
  onAgain: () => void;
}

/** Sentences that did not stay, why, and what stands in their place. */
export function Removals({ copy, product, busy, onAgain }: Props) {
  if (copy.removals.length === 0) return null;
  return (
    <details className="removals">
      <summary>Taken out, and why ({copy.removals.length})</summary>
      <ul>
        {copy.removals.map((removal, index) => (
          <li key={index}>
            <del>{removal.text}</del>
            {removal.replacement && <ins>{removal.replacement}</ins>}
            <span className="quiet">{removal.reason}</span>
            {removal.rules.length > 0 && product && (
              <KeepRemoved copy={copy} removal={removal} product={product} busy={busy} onAgain={onAgain} />
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}

interface KeepProps {
  copy: Copy;
  removal: Removal;
  product: ProductDocument;
  busy: boolean;
  onAgain: () => void;
}

/** Finds what the rules object to in the sentence now, and offers to keep it. */
function KeepRemoved({ copy, removal, product, busy, onAgain }: KeepProps) {
  const [violations, setViolations] = useState<Finding[] | null>(null);
  const [state, setState] = useState<"new" | "open" | "left">("new");
  const [problem, setProblem] = useState<string | null>(null);
  const { name, category } = product.record;

  async function look() {
    setState("open");
    setProblem(null);
    try {
      const { findings } = await checks.check({
        text: removal.text,
        jurisdictions: copy.jurisdictions,
        category: category ? String(category) : null,
        product_id: product.product_id,
        rewrite_with: "rules",
      });
      setViolations(findings.filter((finding) => finding.severity === "violation"));
    } catch (error) {
      setProblem(describe(error));
    }
  }

  if (state !== "open") {
    return (
      <button className="small" autoFocus={state === "left"} onClick={() => void look()}>
        Keep this wording…
      </button>
    );
  }
  return (
    <div>
      {problem && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      {violations && violations.length > 0 && (
        <KeepForm
          text={removal.text}
          violations={violations}
          product={{ id: product.product_id, name: String(name ?? product.product_id) }}
          onKept={() => void look()}
          onCancel={() => setState("left")}
        />
      )}
      {violations?.length === 0 && (
        <p className="row" role="status">
          The rules do not object to this sentence now.
          <button className="small" autoFocus disabled={busy} onClick={onAgain}>
            Write again
          </button>
        </p>
      )}
    </div>
  );
}
