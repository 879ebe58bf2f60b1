/** Which columns of a table of a report are shown, and where the link to the record of a row is. */

interface Kinded {
  readonly kind: string;
}

interface Placed<Column> {
  readonly column: Column;
  /** The place of its cells in the rows. */
  readonly at: number;
}

export interface ShownColumn<Column> extends Placed<Column> {
  /** The column of the record that its cells are about, which is not shown itself. */
  readonly record?: Placed<Column>;
}

/**
 * A row about one record has the link to it after its first sentence, where it is read, and not in a column of its own, which may
 * be out of sight. Where rows have several records, or no sentence, all columns are shown.
 */
export function shownColumns<Column extends Kinded>(
  columns: readonly Column[],
): readonly ShownColumn<Column>[] {
  const all = columns.map((column, at): ShownColumn<Column> => ({ column, at }));
  const records = all.filter(({ column }) => column.kind === 'record');
  const said = all.find(({ column }) => column.kind === 'sentence');
  const [record, ...others] = records;
  if (record === undefined || said === undefined || others.length > 0) return all;
  return all.filter((one) => one !== record).map((one) => (one === said ? { ...one, record } : one));
}
