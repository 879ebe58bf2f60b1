/** The subset of `$filter` that compares properties with strings. */

const equality = /^(?<property>\w+)\s+eq\s+'(?<value>[^']*)'$/;

/** Returns the condition, or undefined for a filter other than `property eq 'text'` joined by `and`. */
export const readGraphFilter = (filter: string | undefined): ((object: object) => boolean) | undefined => {
  if (filter === undefined) return () => true;
  const wanted = filter.split(/\s+and\s+/).map((clause) => equality.exec(clause.trim())?.groups);
  const known = wanted.filter((clause) => clause !== undefined);
  if (known.length < wanted.length) return undefined;
  return (object) => {
    const values = new Map(Object.entries<unknown>({ ...object }));
    return known.every(
      ({ property = '', value = '' }) => String(values.get(property)).toLowerCase() === value.toLowerCase(),
    );
  };
};
