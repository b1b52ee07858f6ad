import type { KeyboardEvent, ReactNode } from "react";
import { kindOf, piecesOf, type Piece, type Place } from "./places";

interface MarkedTextProps {
  text: string;
  places: Place[];
  chosen: number | null;
  onChoose: (place: number) => void;
  markId: (place: number) => string;
}

/** A text with what rules object to marked and numbered; a mark is a button. */
export function MarkedText({ text, places, chosen, onChoose, markId }: MarkedTextProps) {
  return (
    <div className="checked" role="group" aria-label="Checked text">
      {piecesOf(text, places).map((piece) => {
        const words = text.slice(piece.start, piece.end);
        const target = nextOf(piece, chosen);
        if (target === undefined) return words;
        const [first] = piece.begins;
        return (
          <Mark
            key={piece.start}
            id={first === undefined ? undefined : markId(first)}
            piece={piece}
            places={places}
            chosen={chosen}
            button={{ label: words, onPick: () => onChoose(target) }}
          >
            {words}
          </Mark>
        );
      })}
    </div>
  );
}

interface MarkProps {
  id?: string | undefined;
  piece: Piece;
  places: Place[];
  chosen: number | null;
  button?: { label: string; onPick: () => void };
  children: ReactNode;
}

/** Words in one or more places, with the numbers of those that begin here. */
export function Mark({ id, piece, places, chosen, button, children }: MarkProps) {
  const kinds = piece.places.flatMap((index) => places[index] ?? []).map(kindOf);
  const kind = (["violation", "notice", "kept"] as const).find((one) => kinds.includes(one));
  const isChosen = chosen !== null && piece.places.includes(chosen);
  const numbers = (indexes: number[]) => indexes.map((index) => index + 1).join(", ");
  return (
    <mark
      id={id}
      className={isChosen ? `${kind} chosen` : kind}
      data-numbers={piece.begins.length > 0 ? numbers(piece.begins) : undefined}
      {...(button && {
        role: "button",
        tabIndex: piece.begins.length > 0 ? 0 : -1,
        "aria-pressed": isChosen,
        "aria-label": `${button.label}: ${kind} ${numbers(piece.places)}`,
        onClick: button.onPick,
        onKeyDown: pressing(button.onPick),
      })}
    >
      {children}
    </mark>
  );
}

/** What Enter and the space bar do where a button is made of running text. */
export function pressing(act: () => void) {
  return (event: KeyboardEvent) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    act();
  };
}

/** The place that a click on a piece chooses: each of those that overlap there in turn. */
function nextOf({ places }: Piece, chosen: number | null): number | undefined {
  const at = chosen === null ? -1 : places.indexOf(chosen);
  return at === -1 ? places.at(-1) : places[(at + places.length - 1) % places.length];
}
