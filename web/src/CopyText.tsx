import { useEffect, useMemo, useState, type ReactNode } from "react";
import type { Evidence, ProductDocument } from "./api";
import { describe } from "./App";
import type { Copy } from "./copy";
import { FindingList } from "./FindingList";
import { Mark, pressing } from "./Marks";
import { piecesOf, placesOf, type Piece, type Place } from "./places";
import { fields, place } from "./ProductRecord";
import { Removals } from "./Removals";
import { CopyButton } from "./Rewrite";

interface Props {
  copy: Copy;
  /** The newest version of the product, null until it is read. */
  product: ProductDocument | null;
  document: (version: number) => Promise<ProductDocument>;
  busy: boolean;
  onAgain: () => void;
}

/** A piece of copy: its sections, and for the chosen sentence the facts behind it. */
export function CopyText({ copy, product, document, busy, onAgain }: Props) {
  const [chosen, setChosen] = useState<number | null>(null);
  const [shown, setShown] = useState<number | null>(null);
  const [record, setRecord] = useState<ProductDocument | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const places = useMemo(() => placesOf(copy.text, copy.compliance.findings), [copy]);
  const sections = useMemo(() => layOut(copy, places), [copy, places]);

  useEffect(() => {
    let current = true;
    document(copy.product_version).then(
      (found) => current && setRecord(found),
      (error: unknown) => current && setProblem(describe(error)),
    );
    return () => {
      current = false;
    };
  }, [copy.product_version]);

  const claim = chosen === null ? undefined : copy.claims[chosen];
  return (
    <div className="copy">
      <div className="row">
        <CopyButton text={copy.text} label="Copy the text" />
      </div>
      <div className="reading">
        <div>
          {sections.map((section) => (
            <section key={section.start} aria-label={title(section.name)}>
              <h3>{title(section.name)}</h3>
              <p className="words">
                {section.sentences.map((sentence) => (
                  <Sentence
                    key={sentence.start}
                    isChosen={sentence.claim !== null && sentence.claim === chosen}
                    onChoose={
                      sentence.claim === null
                        ? null
                        : () => setChosen(chosen === sentence.claim ? null : sentence.claim)
                    }
                  >
                    {sentence.pieces.map((piece) => {
                      const words = copy.text.slice(piece.start, piece.end);
                      return piece.places.length === 0 ? (
                        words
                      ) : (
                        <Mark key={piece.start} piece={piece} places={places} chosen={shown}>
                          {words}
                        </Mark>
                      );
                    })}
                  </Sentence>
                ))}
              </p>
            </section>
          ))}
          {copy.text === "" && (
            <p className="notice">Nothing could be said under the rules and in the room there is.</p>
          )}
        </div>
        <div className="facts" role="region" aria-label="Facts" aria-live="polite">
          {problem && (
            <p className="problem" role="alert">
              {problem}
            </p>
          )}
          {claim ? (
            <Facts paths={claim.facts} record={record} />
          ) : (
            <p className="quiet">Choose a sentence to see the facts behind it.</p>
          )}
        </div>
      </div>
      <h3>Compliance</h3>
      {places.length === 0 ? (
        <p className="quiet" title={copy.compliance.packs.join(", ")}>
          Nothing found under {copy.compliance.packs.length} rule packs.
        </p>
      ) : (
        <FindingList text={copy.text} places={places} chosen={shown} onChoose={setShown} />
      )}
      <Removals copy={copy} product={product} busy={busy} onAgain={onAgain} />
    </div>
  );
}

interface SentenceProps {
  isChosen: boolean;
  /** Null where the sentence claims nothing. */
  onChoose: (() => void) | null;
  children: ReactNode;
}

function Sentence({ isChosen, onChoose, children }: SentenceProps) {
  if (onChoose === null) return <span className="quiet">{children}</span>;
  return (
    <span
      role="button"
      tabIndex={0}
      className={isChosen ? "sentence chosen" : "sentence"}
      aria-pressed={isChosen}
      onClick={onChoose}
      onKeyDown={pressing(onChoose)}
    >
      {children}
    </span>
  );
}

function Facts({ paths, record }: { paths: string[]; record: ProductDocument | null }) {
  if (record === null) return <p className="quiet">Reading the record…</p>;
  const values = new Map(fields(record.record));
  return (
    <dl>
      {paths.map((path) => (
        <div key={path}>
          <dt>{path}</dt>
          <dd>
            {values.get(path) ?? `not in version ${record.version} of the record`}
            {(record.evidence[path] ?? []).map((item: Evidence, index) => (
              <span key={index} className="quiet">
                {item.file}
                {place(item)}: “{item.quote}”
              </span>
            ))}
          </dd>
        </div>
      ))}
    </dl>
  );
}

interface Laid {
  name: string;
  start: number;
  sentences: { start: number; claim: number | null; pieces: Piece[] }[];
}

/** Sections with their sentences, and in these the pieces that findings cut. */
function layOut({ text, sections, claims }: Copy, places: Place[]): Laid[] {
  const parts = find(text, sections.map((section) => section.text));
  const said = find(text, claims.map((claim) => claim.text));
  const cuts = [...parts, ...said].flat();
  const pieces = piecesOf(text, places, cuts);
  return parts.map(([start, end], index) => {
    const sentences: Laid["sentences"] = [];
    for (const piece of pieces) {
      if (piece.start < start || piece.end > end) continue;
      const at = said.findIndex(([from, to]) => from <= piece.start && piece.end <= to);
      const claim = at === -1 ? null : at;
      const last = sentences.at(-1);
      if (last?.claim === claim) last.pieces.push(piece);
      else sentences.push({ start: piece.start, claim, pieces: [piece] });
    }
    return { name: sections[index]?.name ?? "", start, sentences };
  });
}

/** Where each of `parts` stands in `text`, one after the other. */
function find(text: string, parts: string[]): [number, number][] {
  let done = 0;
  return parts.map((part) => {
    const start = text.indexOf(part, done);
    done = start + part.length;
    return [start, done];
  });
}

function title(name: string): string {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
