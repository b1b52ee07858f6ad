/** Promotional copy over REST; shapes mirror /docs. */

import { call, type Job } from "./api";
import type { ComplianceReport, Jurisdiction } from "./checks";

export const KINDS = {
  script: "Live script",
  short_video: "Short video",
  bullets: "Page bullets",
  title: "Title",
  reply: "Comment reply",
} as const;
export type CopyKind = keyof typeof KINDS;

export const TIMED: readonly CopyKind[] = ["script", "short_video"];

export interface CopyBrief {
  kind: CopyKind;
  lang: string | null;
  seconds: number;
  platform: string | null;
  tone: string | null;
  /** Who speaks, in a few words. */
  persona: string | null;
  variants: number;
  /** Those whose rules the copy keeps; null: all. */
  jurisdictions: Jurisdiction[] | null;
  /** What a viewer wrote, which a reply answers. */
  comment?: string | null;
}

/** A sentence that did not stay, why, and what stands in its place. */
export interface Removal {
  text: string;
  reason: string;
  replacement: string | null;
  /** The ids of the rules that objected, if it was rules. */
  rules: string[];
}

export interface Copy {
  copy_id: string;
  product_id: string;
  product_version: number;
  brief: CopyBrief;
  lang: string;
  text: string;
  sections: { name: string; text: string }[];
  claims: { text: string; facts: string[] }[];
  removals: Removal[];
  /** What to know before using it. */
  warnings: string[];
  compliance: ComplianceReport;
  /** Those whose rules it keeps; null in copies of before. */
  jurisdictions: Jurisdiction[] | null;
  status: "passed" | "repaired" | "from_record" | "empty";
  model: string | null;
  created_at: string;
  /** Why it may not hold any more; empty where nothing changed since it was checked. */
  stale: string[];
}

/** Copies, newest first; `next_cursor` leads to older ones. */
export interface CopyPage {
  copies: Copy[];
  next_cursor: string | null;
}

export const copies = {
  list: (productId: string, cursor?: string) => {
    const query = new URLSearchParams({ product_id: productId, ...(cursor && { cursor }) });
    return call<CopyPage>("GET", `/api/v1/copies?${query}`);
  },
  write: (productId: string, brief: CopyBrief) =>
    call<Job>("POST", "/api/v1/copies", { product_id: productId, brief }),
  cancel: (jobId: string) => call<Job>("POST", `/api/v1/jobs/${jobId}/cancel`),
  /** The job that writes for the product now, if one does. */
  async writing(productId: string): Promise<Job | null> {
    const states = await Promise.all(
      ["queued", "running"].map((status) =>
        call<{ jobs: Job[] }>("GET", `/api/v1/jobs?status=${status}`),
      ),
    );
    const jobs = states.flatMap((state) => state.jobs);
    return jobs.find((job) => job.kind === "copy" && job.input["product_id"] === productId) ?? null;
  },
};
