/** Members of a certificate as rows, under the names that they have in its JSON. */
import type * as z from 'zod';
import type { Block } from '../../pdf/layout.ts';

type Scalar = string | number | boolean | undefined;

/** A row for each member that the object has. */
export function rowsOf(members: Readonly<Record<string, Scalar>>): readonly Block[] {
  return Object.entries(members).flatMap(([label, value]) =>
    value === undefined ? [] : [{ kind: 'row', label, value: String(value) } as const],
  );
}

/** As {@link rowsOf}, each with what the description of the interface says of it. */
export function describedRows(
  members: Readonly<Record<string, Scalar>>,
  { shape }: z.ZodObject<Readonly<Record<string, z.ZodType>>>,
): readonly Block[] {
  return Object.entries(members).map(([label, value]) => {
    const note = shape[label]?.description;
    const row = { kind: 'row', label, value: String(value) } as const;
    return note === undefined ? row : { ...row, note };
  });
}

/** How many of a list a document shows: its pages are bounded, and its attachment has all. */
const maxShown = 100;

/** What a list has beyond what is shown; undefined: nothing. */
export function leftOut(name: string, { length }: readonly unknown[]): string | undefined {
  if (length <= maxShown) return undefined;
  return `Of ${length} ${name}, only the first ${maxShown} are shown here. certificate.json has all of them.`;
}

/** The first of a list, each with a line above it, then what is left out. */
export function listed<T>(
  name: string,
  items: readonly T[],
  blocksOf: (item: T, position: string) => readonly Block[],
): readonly Block[] {
  const shown = items
    .slice(0, maxShown)
    .flatMap((item, at): readonly Block[] => [
      { kind: 'paragraph', text: '' },
      ...blocksOf(item, `${at + 1} of ${items.length}`),
    ]);
  const text = items.length === 0 ? `There are no ${name}.` : leftOut(name, items);
  return text === undefined ? shown : [{ kind: 'paragraph', text }, ...shown];
}
