/** What must be true at the end of a run. */
export interface Outcome {
  readonly name: string;
  /** What was compared, in numbers. */
  readonly detail: string;
  /** Nothing when it holds. */
  readonly problems: readonly string[];
}

/** Elements of the one that the other lacks, as often as they occur. */
export function lacking(wanted: readonly string[], given: readonly string[]): readonly string[] {
  const left = new Map<string, number>();
  for (const one of given) left.set(one, (left.get(one) ?? 0) + 1);
  return wanted.filter((one) => {
    const count = left.get(one) ?? 0;
    left.set(one, count - 1);
    return count <= 0;
  });
}

/** That two lists hold the same, in whatever order. */
export function differences(
  wanted: readonly string[],
  given: readonly string[],
  tell: (one: string) => string = (one) => one,
): readonly string[] {
  return [
    ...lacking(wanted, given).map((one) => `missing: ${tell(one)}`),
    ...lacking(given, wanted).map((one) => `unexpected: ${tell(one)}`),
  ];
}
