import { useRef, useState } from "react";
import { api } from "./api";
import { describe } from "./App";

interface Props {
  onDone: (firstProduct: string | null) => Promise<void>;
}

/** Drop or choose product material; shows the intake's progress until a person has to decide. */
export function Intake({ onDone }: Props) {
  const input = useRef<HTMLInputElement>(null);
  const [state, setState] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [over, setOver] = useState(false);

  async function add(files: File[]) {
    if (files.length === 0) return;
    setProblem(null);
    const problems: string[] = [];
    try {
      const uploads: string[] = [];
      for (const file of files) {
        setState(`Sending ${file.name}`);
        try {
          uploads.push(await api.upload(file));
        } catch (error) {
          problems.push(describe(error));
        }
      }
      if (uploads.length > 0) {
        const job = await api.startIntake(uploads);
        const ended = await api.followJob(job.job_id, (progress) => setState(progress.message));
        if (ended.error) problems.push(`${ended.error.message} ${ended.error.hint}`);
        for (const source of ended.result?.sources ?? []) {
          if (source.error) problems.push(`${source.error.message} ${source.error.hint}`);
        }
        await onDone(ended.result?.products?.[0]?.product_id ?? null);
      }
    } catch (error) {
      problems.push(describe(error));
    }
    setState(null);
    setProblem(problems.length > 0 ? problems.join(" · ") : null);
  }

  return (
    <div
      className={over ? "intake over" : "intake"}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        void add([...event.dataTransfer.files]);
      }}
    >
      <button disabled={state !== null} onClick={() => input.current?.click()}>
        Add product material
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label="Product material"
        onChange={(event) => {
          void add([...(event.target.files ?? [])]);
          event.target.value = "";
        }}
      />
      <p className="quiet" aria-live="polite">
        {state ?? "Chats, web pages, PDFs, price lists, photos, voice notes, videos. Drop them here."}
      </p>
      {problem && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}
