/** Reading a text file that a person chose or dropped. */

const MOST_BYTES = 1_000_000;

/** The text, and the encoding where it is not UTF-8. */
export interface ReadText {
  text: string;
  encoding: string | null;
}

/** UTF-8, UTF-16 by its mark, else GB 18030, as text files from Chinese desks are written. */
export async function readTextFile(file: File): Promise<ReadText> {
  if (file.size > MOST_BYTES) {
    throw new Error(`${file.name} is too large for one check. Check it in parts.`);
  }
  const bytes = new Uint8Array(await file.arrayBuffer());
  for (const encoding of [markedAs(bytes) ?? "utf-8", "gb18030"]) {
    const text = decode(bytes, encoding);
    if (text !== null && !text.includes("\0")) {
      return { text, encoding: encoding === "utf-8" ? null : encoding };
    }
  }
  throw new Error(`${file.name} is not a text file. Drop a .txt file, or paste the text.`);
}

function markedAs([first, second]: Uint8Array): string | null {
  if (first === 0xff && second === 0xfe) return "utf-16le";
  return first === 0xfe && second === 0xff ? "utf-16be" : null;
}

function decode(bytes: Uint8Array, encoding: string): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}
