import { useState, type ReactNode } from "react";
import { JURISDICTIONS, type Jurisdiction } from "./checks";
import { KINDS, TIMED, type CopyBrief, type CopyKind } from "./copy";
import { Jurisdictions, unlessAll } from "./Jurisdictions";

interface Props {
  busy: boolean;
  onWrite: (brief: CopyBrief) => void;
  children: ReactNode;
}

/** What is asked of the copywriter. */
export function BriefForm({ busy, onWrite, children }: Props) {
  const [kind, setKind] = useState<CopyKind>("script");
  const [lang, setLang] = useState("");
  const [seconds, setSeconds] = useState(60);
  const [platform, setPlatform] = useState("");
  const [tone, setTone] = useState("");
  const [persona, setPersona] = useState("");
  const [variants, setVariants] = useState(1);
  const [comment, setComment] = useState("");
  const [jurisdictions, setJurisdictions] = useState<readonly Jurisdiction[]>(JURISDICTIONS);
  const isTimed = TIMED.includes(kind);
  return (
    <form
      className="brief"
      aria-label="What to write"
      onSubmit={(event) => {
        event.preventDefault();
        onWrite({
          kind,
          lang: lang || null,
          seconds,
          platform: platform.trim() || null,
          tone: tone.trim() || null,
          persona: persona.trim() || null,
          variants,
          comment: kind === "reply" ? comment.trim() || null : null,
          jurisdictions: unlessAll(jurisdictions),
        });
      }}
    >
      <label>
        Kind
        <select value={kind} onChange={(event) => setKind(event.target.value as CopyKind)}>
          {Object.entries(KINDS).map(([value, name]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label>
        Language
        <select value={lang} onChange={(event) => setLang(event.target.value)}>
          <option value="">{kind === "reply" ? "as the comment" : "as the record"}</option>
          <option value="en">English</option>
          <option value="zh">中文</option>
        </select>
      </label>
      <label>
        Seconds
        <input
          type="number"
          min={5}
          max={600}
          required
          disabled={!isTimed}
          value={Number.isNaN(seconds) ? "" : seconds}
          onChange={(event) => setSeconds(event.target.valueAsNumber)}
        />
      </label>
      <label>
        Variants
        <input
          type="number"
          min={1}
          max={5}
          required
          value={Number.isNaN(variants) ? "" : variants}
          onChange={(event) => setVariants(event.target.valueAsNumber)}
        />
      </label>
      <label>
        Platform
        <input
          value={platform}
          maxLength={100}
          placeholder="any"
          onChange={(event) => setPlatform(event.target.value)}
        />
      </label>
      <label>
        Tone
        <input
          value={tone}
          maxLength={200}
          placeholder="as a host speaks"
          onChange={(event) => setTone(event.target.value)}
        />
      </label>
      <label>
        Speaker
        <input
          value={persona}
          maxLength={200}
          placeholder="a host"
          onChange={(event) => setPersona(event.target.value)}
        />
      </label>
      {kind === "reply" && (
        <label>
          Comment to answer
          <input
            value={comment}
            maxLength={500}
            required
            pattern=".*\S.*"
            title="What the viewer wrote: a reply answers it."
            placeholder="what the viewer wrote"
            onChange={(event) => setComment(event.target.value)}
          />
        </label>
      )}
      <Jurisdictions chosen={jurisdictions} onChange={setJurisdictions} />
      <span className="go">
        <button className="primary" disabled={busy || jurisdictions.length === 0}>
          {busy ? "Writing…" : "Write"}
        </button>
        {children}
      </span>
    </form>
  );
}
