import { useEffect, useRef, useState } from "react";
import { api, type ChatMessage } from "./api";
import { describe } from "./App";

interface Props {
  productId: string | null;
  onTurn: () => Promise<void>;
}

/** The assistant: ask, have copy written, have a text checked. */
export function Chat({ productId, onTurn }: Props) {
  const [messages, setMessages] = useState<ChatMessage[]>([]);
  const [draft, setDraft] = useState("");
  const [progress, setProgress] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const running = useRef<AbortController | null>(null);
  const end = useRef<HTMLDivElement>(null);

  useEffect(() => {
    end.current?.scrollIntoView({ block: "nearest" });
  }, [messages, progress]);

  async function send() {
    const text = draft.trim();
    if (text === "" || running.current) return;
    const asked: ChatMessage[] = [...messages, { role: "user", content: text }];
    const stop = new AbortController();
    running.current = stop;
    setMessages([...asked, { role: "assistant", content: "" }]);
    setDraft("");
    setProblem(null);
    setProgress("…");
    let reply = "";
    try {
      await api.chat(
        asked,
        productId,
        (delta) => {
          reply += delta;
          setMessages([...asked, { role: "assistant", content: reply }]);
        },
        (step) => setProgress(step.message),
        stop.signal,
      );
    } catch (error) {
      if (!stop.signal.aborted) setProblem(describe(error));
      if (reply === "") {
        setMessages(messages);
        setDraft(text);
      }
    }
    running.current = null;
    setProgress(null);
    await onTurn();
  }

  return (
    <div className="chat">
      <h2>Assistant</h2>
      <div className="messages" role="log">
        {messages.length === 0 && (
          <p className="quiet">
            Try “How much is it?”, “Write a 60 s script”, “检查：全网最低价”.
          </p>
        )}
        {messages.map((message, index) => (
          <p key={index} className={message.role}>
            {message.content}
          </p>
        ))}
        {progress !== null && <p className="quiet">{progress}</p>}
        {problem && (
          <p className="problem" role="alert">
            {problem}
          </p>
        )}
        <div ref={end} />
      </div>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <textarea
          aria-label="Message"
          rows={3}
          value={draft}
          placeholder="Ask, or say what to write or check"
          onChange={(event) => setDraft(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) {
              event.preventDefault();
              void send();
            }
          }}
        />
        {progress === null ? (
          <button className="primary" disabled={draft.trim() === ""}>
            Send
          </button>
        ) : (
          <button type="button" onClick={() => running.current?.abort()}>
            Stop
          </button>
        )}
      </form>
    </div>
  );
}
