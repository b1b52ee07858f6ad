/** Compliance checks and overrides over REST; shapes mirror /docs. */

import { call } from "./api";

export const JURISDICTIONS = ["CN", "US", "EU", "platform"] as const;
export type Jurisdiction = (typeof JURISDICTIONS)[number];

export const JURISDICTION_NAMES: Record<Jurisdiction, string> = {
  CN: "China",
  US: "United States",
  EU: "European Union",
  platform: "Platform rules",
};

/** A person's decision that a rule does not object to these words; of one product, or all. */
export interface Override {
  override_id: string;
  rule: string;
  quote: string;
  reason: string;
  product_id: string | null;
  actor: string;
  created_at: string;
  withdrawn_at: string | null;
  withdrawn_by: string | null;
}

/** `start` and `end` count code points, half open. An allowed violation comes as a notice. */
export interface Finding {
  start: number;
  end: number;
  rule: string;
  jurisdiction: Jurisdiction;
  severity: "violation" | "notice";
  reason: string;
  suggestion: string;
  override: Override | null;
}

/** What became of a violating sentence; no `text`: all of it was cut. */
export interface Mend {
  start: number;
  end: number;
  text: string;
  method: "model" | "replacement" | "cut";
  rejected: string | null;
}

/** A run of text that a text and its rewrite share, or that one of them has. */
export interface Change {
  kind: "same" | "removed" | "added";
  text: string;
}

export interface ComplianceReport {
  violating: boolean;
  findings: Finding[];
  rewrite: string;
  packs: string[];
  mends: Mend[];
  /** Empty where the rewrite is the text. */
  diff: Change[];
}

export interface CheckRequest {
  text: string;
  jurisdictions: Jurisdiction[] | null;
  category: string | null;
  product_id: string | null;
  rewrite_with: "rules" | "model";
}

/** What still allows the words of an override that ended. */
export interface Withdrawal extends Override {
  still_allowed_by: Override[];
}

/** `text` is what the words stand in. */
export interface NewOverride {
  rule: string;
  quote: string;
  text: string;
  reason: string;
  product_id: string | null;
}

export const checks = {
  check: (wanted: CheckRequest, signal?: AbortSignal) =>
    call<ComplianceReport>("POST", "/api/v1/check", wanted, signal),
  /** All that were ever made, those that were withdrawn too. */
  overrides: async () =>
    (await call<{ overrides: Override[] }>("GET", "/api/v1/overrides?withdrawn=true")).overrides,
  /** How many code points a text may have. */
  limit: async () => (await call<{ chars: number }>("GET", "/api/v1/check/limits")).chars,
  keep: (wanted: NewOverride) => call<Override>("POST", "/api/v1/overrides", wanted),
  withdraw: (id: string) =>
    call<Withdrawal>("DELETE", `/api/v1/overrides/${encodeURIComponent(id)}`),
};
