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
  variants: number;
  /** Those whose rules the copy keeps; null: all. */
  jurisdictions: Jurisdiction[] | null;
}

/** A sentence that did not stay, why, and what stands in its place. */
export interface Removal {
  text: string;
  reason: string;
  replacement: string | null;
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
  compliance: ComplianceReport;
  status: "passed" | "repaired" | "from_record";
  model: string | null;
  created_at: string;
}

export const copies = {
  list: async (productId: string) =>
    (await call<{ copies: Copy[] }>("GET", `/api/v1/copies?product_id=${encodeURIComponent(productId)}`))
      .copies,
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
