import { JURISDICTION_NAMES, JURISDICTIONS, type Jurisdiction } from "./checks";

interface Props {
  chosen: readonly Jurisdiction[];
  onChange: (chosen: readonly Jurisdiction[]) => void;
}

/** Whose rules count. */
export function Jurisdictions({ chosen, onChange }: Props) {
  return (
    <fieldset>
      <legend>Rules of</legend>
      {JURISDICTIONS.map((one) => (
        <label key={one}>
          <input
            type="checkbox"
            checked={chosen.includes(one)}
            onChange={(event) =>
              onChange(
                JURISDICTIONS.filter((other) =>
                  other === one ? event.target.checked : chosen.includes(other),
                ),
              )
            }
          />
          {JURISDICTION_NAMES[one]}
        </label>
      ))}
    </fieldset>
  );
}

/** As a request says it: null for all. */
export function unlessAll(chosen: readonly Jurisdiction[]): Jurisdiction[] | null {
  return chosen.length === JURISDICTIONS.length ? null : [...chosen];
}
