import { useId, useMemo, useState } from "react";
import type { CheckRequest, ComplianceReport } from "./checks";
import { FindingList } from "./FindingList";
import { KeepWording } from "./KeepWording";
import { MarkedText } from "./Marks";
import { placesOf } from "./places";
import { Rewrite } from "./Rewrite";

export interface Checked {
  wanted: CheckRequest;
  report: ComplianceReport;
}

interface Props {
  checked: Checked;
  product: { id: string; name: string } | null;
  onTake: () => void;
  onKept: () => void;
}

/** The text with its findings marked, the list of them, and the rewrite; a choice shows in both. */
export function CheckResult({ checked, product, onTake, onKept }: Props) {
  const [chosen, setChosen] = useState<number | null>(null);
  const id = useId();
  const { report } = checked;
  const { text } = checked.wanted;
  const places = useMemo(() => placesOf(text, report.findings), [text, report.findings]);
  const markId = (place: number) => `${id}mark${place}`;
  const itemId = (place: number) => `${id}item${place}`;
  const choose = (place: number, other: string) => {
    setChosen(place);
    document.getElementById(other)?.scrollIntoView({ block: "nearest" });
  };
  return (
    <div className="outcome">
      <MarkedText
        text={text}
        places={places}
        chosen={chosen}
        onChoose={(place) => choose(place, itemId(place))}
        markId={markId}
      />
      {report.violating && <Rewrite text={text} report={report} onTake={onTake} />}
      <FindingList
        text={text}
        places={places}
        chosen={chosen}
        onChoose={(place) => choose(place, markId(place))}
        itemId={itemId}
        actions={({ findings }) => {
          const violations = findings.filter((finding) => finding.severity === "violation");
          if (violations.length === 0) return null;
          return <KeepWording text={text} violations={violations} product={product} onKept={onKept} />;
        }}
      />
    </div>
  );
}
