import { useId, useState } from "react";
import { describe } from "./App";
import { checks, JURISDICTION_NAMES, type Finding } from "./checks";
import { quoteOf } from "./places";

interface Props {
  text: string;
  /** What objects to the wording, of which a person may keep it against some or all. */
  violations: Finding[];
  product: { id: string; name: string } | null;
  onKept: () => void;
}

/** Offers to keep words that rules object to; opens the form that asks why. */
export function KeepWording(props: Props) {
  const [state, setState] = useState<"new" | "open" | "left">("new");
  if (state === "open") return <KeepForm {...props} onCancel={() => setState("left")} />;
  return (
    <button className="small" autoFocus={state === "left"} onClick={() => setState("open")}>
      Keep this wording…
    </button>
  );
}

/** A person's reason for an override, its reach, and the rules that it is held against. */
export function KeepForm({ text, violations, product, onKept, onCancel }: Props & { onCancel: () => void }) {
  const name = useId();
  const [reason, setReason] = useState("");
  const [isForAll, setForAll] = useState(product === null);
  const [spared, setSpared] = useState<readonly Finding[]>([]);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const against = violations.filter((finding) => !spared.includes(finding));

  async function keep() {
    setBusy(true);
    setProblem(null);
    try {
      for (const finding of against) {
        await checks.keep({
          rule: finding.rule,
          quote: quoteOf(text, finding),
          text,
          reason: reason.trim(),
          product_id: isForAll || product === null ? null : product.id,
        });
        setSpared((done) => [...done, finding]);
      }
      onKept();
    } catch (error) {
      setProblem(describe(error));
    }
    setBusy(false);
  }

  return (
    <form
      className="keep"
      aria-label="Keep this wording"
      onSubmit={(event) => {
        event.preventDefault();
        void keep();
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") onCancel();
      }}
    >
      <p>
        The rules chosen here will not object to these words again. It is recorded with your name and
        your reason, and can be withdrawn.
      </p>
      <fieldset>
        <legend>Keep it against</legend>
        {violations.map((finding) => (
          <label key={`${finding.rule} ${finding.start}`}>
            <input
              type="checkbox"
              checked={against.includes(finding)}
              onChange={(event) =>
                setSpared(
                  event.target.checked
                    ? spared.filter((one) => one !== finding)
                    : [...spared, finding],
                )
              }
            />
            <span>
              <code>{finding.rule}</code> ({JURISDICTION_NAMES[finding.jurisdiction]}):{" "}
              <q>{quoteOf(text, finding)}</q>
            </span>
          </label>
        ))}
      </fieldset>
      {product ? (
        <fieldset>
          <legend>Where</legend>
          <label>
            <input type="radio" name={name} checked={!isForAll} onChange={() => setForAll(false)} />
            Only for {product.name}
          </label>
          <label>
            <input type="radio" name={name} checked={isForAll} onChange={() => setForAll(true)} />
            In every text of this workspace
          </label>
        </fieldset>
      ) : (
        <p className="quiet">
          It holds in every text of this workspace. To keep it for one product only, choose the
          product above and check again.
        </p>
      )}
      <label className="reason">
        Why it may stay (required)
        <textarea
          autoFocus
          required
          rows={2}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </label>
      {problem && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      <div className="row">
        <button className="primary" disabled={busy || against.length === 0 || reason.trim() === ""}>
          Keep this wording
        </button>
        <button type="button" onClick={onCancel}>
          Cancel
        </button>
      </div>
    </form>
  );
}
