import { useState } from "react";
import type { ComplianceReport, Mend } from "./checks";

const RUNS = { same: "span", removed: "del", added: "ins" } as const;

interface Props {
  text: string;
  report: ComplianceReport;
  onTake: () => void;
}

/** The text that passes, with what changed, and how each sentence was mended. */
export function Rewrite({ text, report, onTake }: Props) {
  const [isDiff, setDiff] = useState(true);
  const isEmpty = report.rewrite.trim() === "";
  return (
    <section className="rewrite" aria-label="Rewrite">
      <div className="heading">
        <h2>Rewrite</h2>
        <label>
          <input type="checkbox" checked={isDiff} onChange={(event) => setDiff(event.target.checked)} />
          Show changes
        </label>
        {!isEmpty && (
          <span className="actions">
            <CopyButton text={report.rewrite} />
            <button onClick={onTake}>Use it in the text</button>
          </span>
        )}
      </div>
      {isEmpty && <p className="notice">Nothing is left: no sentence could stay.</p>}
      {isDiff ? (
        <div className="checked diff" role="group" aria-label="Changes">
          {report.diff.map(({ kind, text: run }, index) => {
            const Run = RUNS[kind];
            return <Run key={index}>{run}</Run>;
          })}
        </div>
      ) : (
        !isEmpty && (
          <div className="checked" role="group" aria-label="Rewritten text">
            {report.rewrite}
          </div>
        )
      )}
      <details>
        <summary>{tally(report.mends)}</summary>
        <ul>
          {report.mends.map((mend) => (
            <li key={mend.start}>
              {[...text].slice(mend.start, mend.end).join("").trim()}
              <br />
              <span className="quiet">
                {how(mend)}
                {mend.rejected !== null && ` The model's words were not used: ${mend.rejected}.`}
              </span>
            </li>
          ))}
        </ul>
      </details>
    </section>
  );
}

/** Copies a text; where the browser forbids it, says so. */
export function CopyButton({ text, label = "Copy" }: { text: string; label?: string }) {
  const [said, setSaid] = useState<string | null>(null);

  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
      setSaid("Copied");
    } catch {
      setSaid("Not allowed here");
    }
    setTimeout(() => setSaid(null), 2500);
  }

  return (
    <button className="copying" onClick={() => void copy()}>
      <span aria-live="polite">{said ?? label}</span>
    </button>
  );
}

function how({ method, text }: Mend): string {
  if (method === "model") return "Reworded by the model; checked again.";
  if (method === "replacement") return "Words replaced by the rule's own.";
  return text === "" ? "Taken out whole." : "The clause was taken out.";
}

function tally(mends: Mend[]): string {
  const count = (wanted: (mend: Mend) => boolean) => mends.filter(wanted).length;
  const parts = [
    [count((mend) => mend.method === "model"), "reworded by the model"],
    [count((mend) => mend.method === "replacement"), "with words replaced"],
    [count((mend) => mend.method === "cut" && mend.text !== ""), "shortened"],
    [count((mend) => mend.text === ""), "taken out"],
  ] as const;
  const told = parts.flatMap(([number, what]) => (number > 0 ? [`${number} ${what}`] : []));
  return `Sentences: ${told.join(", ")}`;
}
