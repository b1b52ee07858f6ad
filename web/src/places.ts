/** Where findings stand in a text, and the pieces in which a page draws it. */

import type { Finding } from "./checks";

/** Words that one or more rules object to; `start` and `end` are JavaScript's. */
export interface Place {
  start: number;
  end: number;
  findings: Finding[];
}

/** A piece of text under the same places; `begins` are those that start with it. */
export interface Piece {
  start: number;
  end: number;
  places: number[];
  begins: number[];
}

const MARGIN = /^[\s\p{P}]*|[\s\p{P}]*$/gu;

/** Findings by the words they object to, in the order of the text; marks around them aside. */
export function placesOf(text: string, findings: Finding[]): Place[] {
  const units = unitOffsets(text);
  const places = new Map<string, Place>();
  for (const finding of findings) {
    const [from, to] = [units[finding.start] ?? text.length, units[finding.end] ?? text.length];
    const words = text.slice(from, to);
    const [before = "", after = ""] = words.match(MARGIN) ?? [];
    const isBare = before.length === words.length;
    const start = isBare ? from : from + before.length;
    const end = isBare ? to : to - after.length;
    const place = places.get(`${start} ${end}`);
    if (place) place.findings.push(finding);
    else places.set(`${start} ${end}`, { start, end, findings: [finding] });
  }
  return [...places.values()].sort((a, b) => a.start - b.start || a.end - b.end);
}

/** The text cut wherever a place begins or ends, and at `cuts`. */
export function piecesOf(text: string, places: Place[], cuts: number[] = []): Piece[] {
  const edges = new Set([0, text.length, ...cuts, ...places.flatMap(({ start, end }) => [start, end])]);
  const sorted = [...edges].sort((a, b) => a - b);
  return sorted.slice(0, -1).map((start, index) => {
    const under = places.flatMap((place, number) =>
      place.start <= start && start < place.end ? [number] : [],
    );
    return {
      start,
      end: sorted[index + 1] ?? text.length,
      places: under,
      begins: under.filter((number) => places[number]?.start === start),
    };
  });
}

/** The words of a finding, whose offsets count code points. */
export function quoteOf(text: string, { start, end }: Finding): string {
  return [...text].slice(start, end).join("");
}

/** The kind of a place: that of its gravest finding. */
export function kindOf({ findings }: Place): "violation" | "notice" | "kept" {
  if (findings.some((finding) => finding.severity === "violation")) return "violation";
  return findings.every((finding) => finding.override) ? "kept" : "notice";
}

function unitOffsets(text: string): number[] {
  const units = [0];
  let unit = 0;
  for (const point of text) {
    unit += point.length;
    units.push(unit);
  }
  return units;
}
