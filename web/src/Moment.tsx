/** A point in time as people read it. */
export function Moment({ value }: { value: string }) {
  const shown = new Date(value).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
  return <time dateTime={value}>{shown}</time>;
}
