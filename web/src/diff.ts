/** What changed between two texts: by words, and by runs of characters in Chinese. */

/** A stretch before and after. */
export interface Change {
  before: string;
  after: string;
  changed: boolean;
}

const SENTENCES = /[^.!?\u3002\uff01\uff1f\n]*(?:[.!?\u3002\uff01\uff1f\n]+\s*|$)/gu;
const WORDS = /\p{Script=Han}|(?:[^\P{L}\p{Script=Han}]|[\p{M}\p{N}]|(?<=\w)['’.,-](?=\w))+|\s+|./gsu;
const MOST_CELLS = 16_000_000;

/** Whole sentences are aligned first, so that a long text costs little. */
export function compare(before: string, after: string): Change[] {
  const blocks = align(split(before, SENTENCES), split(after, SENTENCES));
  return join(
    blocks.flatMap((block) =>
      block.changed
        ? smooth(align(split(block.before, WORDS), split(block.after, WORDS)))
        : [block],
    ),
  );
}

function split(text: string, pattern: RegExp): string[] {
  return (text.match(pattern) ?? []).filter((part) => part !== "");
}

/** The parts of both in order: what stays, and between it what went and what came. */
function align(before: string[], after: string[]): Change[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1;
  let tail = 0;
  const room = Math.min(before.length, after.length) - head;
  while (tail < room && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  return join([
    ...before.slice(0, head).map(same),
    ...exchange(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
    ...before.slice(before.length - tail).map(same),
  ]);
}

/** By the longest common subsequence; one change in all where its table would be too large. */
function exchange(before: string[], after: string[]): Change[] {
  const width = after.length + 1;
  if ((before.length + 1) * width > MOST_CELLS) {
    return [{ before: before.join(""), after: after.join(""), changed: true }];
  }
  const common = new Uint16Array((before.length + 1) * width);
  const from = (i: number, j: number) => common[i * width + j] ?? 0;
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      common[i * width + j] =
        before[i] === after[j] ? from(i + 1, j + 1) + 1 : Math.max(from(i + 1, j), from(i, j + 1));
    }
  }
  const changes: Change[] = [];
  let i = 0;
  let j = 0;
  for (;;) {
    const [went, came] = [before[i], after[j]];
    if (went === undefined && came === undefined) return changes;
    if (went !== undefined && went === came) {
      changes.push(same(went));
      i += 1;
      j += 1;
    } else if (came === undefined || (went !== undefined && from(i + 1, j) >= from(i, j + 1))) {
      changes.push({ before: went ?? "", after: "", changed: true });
      i += 1;
    } else {
      changes.push({ before: "", after: came, changed: true });
      j += 1;
    }
  }
}

function same(part: string): Change {
  return { before: part, after: part, changed: false };
}

/** Neighbours of one sort become one. */
function join(changes: Change[]): Change[] {
  const joined: Change[] = [];
  for (const change of changes) {
    const last = joined.at(-1);
    if (last?.changed === change.changed) {
      last.before += change.before;
      last.after += change.after;
    } else {
      joined.push({ ...change });
    }
  }
  return joined;
}

/** A single character that stayed between two changes is read with them. */
function smooth(changes: Change[]): Change[] {
  return join(
    changes.map((change, index) => {
      const isBetween = index > 0 && index < changes.length - 1;
      const isBridge = isBetween && [...change.before.trim()].length <= 1;
      return { ...change, changed: change.changed || isBridge };
    }),
  );
}
