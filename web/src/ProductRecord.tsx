import { useEffect, useState } from "react";
import { api, type Evidence, type ProductDocument } from "./api";
import { describe, Status } from "./App";

interface Props {
  productId: string;
  revision: number;
  onChange: () => Promise<void>;
}

/** A record: each value with the quote it rests on, and the place of that quote. */
export function ProductRecord({ productId, revision, onChange }: Props) {
  const [document, setDocument] = useState<ProductDocument | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  useEffect(() => {
    let current = true;
    api.product(productId).then(
      (found) => current && setDocument(found),
      (error: unknown) => current && setProblem(describe(error)),
    );
    return () => {
      current = false;
    };
  }, [productId, revision]);

  async function decide(act: typeof api.approve, version: number) {
    setBusy(true);
    setProblem(null);
    try {
      setDocument(await act(productId, version));
    } catch (error) {
      setProblem(describe(error));
    }
    await onChange();
    setBusy(false);
  }

  if (document === null) return <p className="quiet">{problem ?? "Loading…"}</p>;
  const rows = fields(document.record);
  const unsayable = document.set_aside.filter((item) => item.rules.length > 0);
  const others = document.set_aside.filter((item) => item.rules.length === 0);
  return (
    <section aria-label="Product record">
      <div className="heading">
        <h2>{String(document.record["name"] ?? document.product_id)}</h2>
        <Status value={document.status} />
        {document.status === "awaiting_approval" && (
          <span className="actions">
            <button className="primary" disabled={busy} onClick={() => void decide(api.approve, document.version)}>
              Approve and publish
            </button>
            <button disabled={busy} onClick={() => void decide(api.reject, document.version)}>
              Reject
            </button>
          </span>
        )}
      </div>
      <p className="quiet">
        {document.product_id} · version {document.version}
      </p>
      {problem && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      {document.conflicts.map((conflict) => (
        <p className={conflict.status === "open" ? "notice" : "quiet"} key={conflict.field}>
          {conflict.status === "open" ? "Sources disagree on" : "Decided:"} <b>{conflict.field}</b>:{" "}
          {conflict.values
            .map((value) => `${value.value} (${value.evidence[0]?.file ?? "?"})`)
            .join(" / ")}{" "}
          [{conflict.status}
          {conflict.policy && `, ${conflict.policy}`}]
        </p>
      ))}
      <table>
        <thead>
          <tr>
            <th>Field</th>
            <th>Value</th>
            <th>Evidence</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([path, value]) => (
            <Row
              key={path}
              path={path}
              value={value}
              productId={productId}
              evidence={document.evidence[path] ?? []}
            />
          ))}
        </tbody>
      </table>
      {document.corrections.length > 0 && (
        <details>
          <summary>Corrections by people ({document.corrections.length})</summary>
          <ul>
            {document.corrections.map((correction, index) => (
              <li key={index}>
                {correction.field}: {correction.was !== null && `${correction.was} → `}
                {correction.value ?? "removed"}{" "}
                <span className="quiet">
                  ({correction.settles ? "decided" : "corrected"} by {correction.by},{" "}
                  {correction.at.slice(0, 10)}
                  {correction.note && `: ${correction.note}`})
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
      {document.dropped.length > 0 && (
        <details>
          <summary>Left out ({document.dropped.length})</summary>
          <ul>
            {document.dropped.map((item, index) => (
              <li key={index}>
                {item.field}: {item.value}{" "}
                <span className="quiet">({[item.reason.replaceAll("_", " "), ...item.rules].join(", ")})</span>
              </li>
            ))}
          </ul>
        </details>
      )}
      {unsayable.length > 0 && (
        <details open>
          <summary>What no host may say ({unsayable.length})</summary>
          <ul>
            {unsayable.map((item, index) => (
              <li key={index}>
                {item.text}{" "}
                <span className="quiet">
                  ({item.file}; {item.rules.join(", ")})
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
      {others.length > 0 && (
        <details>
          <summary>Set aside, about other goods or not for viewers ({others.length})</summary>
          <ul>
            {others.map((item, index) => (
              <li key={index}>
                {item.text} <span className="quiet">({item.file})</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

interface RowProps {
  path: string;
  value: string;
  productId: string;
  evidence: Evidence[];
}

/** A field of the record; a click on its evidence shows the place below. */
function Row({ path, value, productId, evidence }: RowProps) {
  const [shown, setShown] = useState<number | null>(null);
  const opened = shown === null ? undefined : evidence[shown];
  return (
    <>
      <tr>
        <th scope="row">{path}</th>
        <td>{value}</td>
        <td>
          {evidence.map((item, index) => (
            <button
              key={index}
              className="evidence"
              aria-expanded={shown === index}
              onClick={() => setShown(shown === index ? null : index)}
            >
              {item.file}
              {place(item)}: “{item.quote}”
            </button>
          ))}
        </td>
      </tr>
      {opened && (
        <tr>
          <td colSpan={3}>
            <Picture productId={productId} evidence={opened} />
          </td>
        </tr>
      )}
    </>
  );
}

/** The photo that a quote was read from, with the line marked. */
function Picture({ productId, evidence }: { productId: string; evidence: Evidence }) {
  const [size, setSize] = useState<[number, number] | null>(null);
  const box = evidence.locator.box;
  if (box === null || !isShown(evidence)) {
    return (
      <blockquote>
        {evidence.quote}
        <footer className="quiet">
          {evidence.file}
          {place(evidence)}
        </footer>
      </blockquote>
    );
  }
  return (
    <figure className="picture">
      <img
        src={api.sourceUrl(productId, evidence.source)}
        alt={`${evidence.file}: ${evidence.quote}`}
        onLoad={(event) =>
          setSize([event.currentTarget.naturalWidth, event.currentTarget.naturalHeight])
        }
      />
      {size && (
        <span
          className="box"
          style={{
            left: `${(100 * box[0]) / size[0]}%`,
            top: `${(100 * box[1]) / size[1]}%`,
            width: `${(100 * (box[2] - box[0])) / size[0]}%`,
            height: `${(100 * (box[3] - box[1])) / size[1]}%`,
          }}
        />
      )}
    </figure>
  );
}

/** Whether a browser draws the file that the box lies in: a photo, and not HEIC. */
function isShown({ file, locator }: Evidence): boolean {
  const drawn = /\.(jpe?g|png|webp)$/i.test(file);
  return drawn && locator.page === null && locator.second === null;
}

export function place({ locator }: Evidence): string {
  if (locator.sheet !== null) return `, sheet ${locator.sheet}, row ${locator.row}`;
  if (locator.page !== null) return `, page ${locator.page}`;
  if (locator.row !== null) return `, row ${locator.row}`;
  if (locator.line !== null) return `, line ${locator.line}`;
  if (locator.second !== null) return `, ${locator.second} s`;
  return locator.box === null ? "" : ", in the picture";
}

/** Every set value as [field path, text], paths as the API writes them. */
export function fields(value: unknown, path = ""): [string, string][] {
  if (value === null || value === "") return [];
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => fields(item, `${path}[${index}]`));
  }
  if (typeof value === "object") {
    return Object.entries(value as object).flatMap(([key, item]) =>
      fields(item, path === "" ? key : `${path}.${key}`),
    );
  }
  return [[path, String(value)]];
}
