import type { ReactNode } from "react";
import { JURISDICTION_NAMES, type Finding } from "./checks";
import { Moment } from "./Moment";
import { kindOf, type Place } from "./places";

interface Props {
  text: string;
  places: Place[];
  chosen: number | null;
  onChoose: (place: number) => void;
  itemId?: (place: number) => string;
  /** What a person can do about a place. */
  actions?: (place: Place) => ReactNode;
}

/** Place by place the rules that object, their reasons, and what to say instead. */
export function FindingList({ text, places, chosen, onChoose, itemId, actions }: Props) {
  return (
    <ol className="list" aria-label="Findings">
      {places.map((place, index) => (
        <li key={index} id={itemId?.(index)} className={chosen === index ? "chosen" : undefined}>
          <button className="finding" aria-pressed={chosen === index} onClick={() => onChoose(index)}>
            <span className="head">
              <span className={`badge ${kindOf(place)}`}>
                {index + 1} {kindOf(place)}
              </span>
              <q>{text.slice(place.start, place.end)}</q>
            </span>
          </button>
          <ul>
            {place.findings.map((finding) => (
              <Objection key={`${finding.rule} ${finding.start}`} finding={finding} kind={kindOf(place)} />
            ))}
          </ul>
          {actions?.(place)}
        </li>
      ))}
    </ol>
  );
}

/** One rule's objection; its own kind is told where that of the place is another. */
function Objection({ finding, kind }: { finding: Finding; kind: string }) {
  const { override } = finding;
  const own = override ? "kept" : finding.severity;
  return (
    <li>
      <span className="head">
        <b>{JURISDICTION_NAMES[finding.jurisdiction]}</b>
        <code>{finding.rule}</code>
        {own !== kind && <span className={`badge ${own}`}>{own}</span>}
      </span>
      <span>{finding.reason}</span>
      {override ? (
        <span className="quiet">
          Kept by {override.actor}, <Moment value={override.created_at} />: {override.reason}
        </span>
      ) : (
        <span>
          <b>Say instead:</b> {finding.suggestion}
        </span>
      )}
    </li>
  );
}
