/** The subset of `$filter` that compares properties with strings. */

const equality = /^(?<property>\w+)\s+eq\s+(?<values>'[^']*')$/;
/** Graph takes at most 15 values. */
const membership = /^(?<property>\w+)\s+in\s+\((?<values>'[^']*'(?:\s*,\s*'[^']*'){0,14})\)$/;

/** Returns the condition, or undefined for a filter other than `property eq 'text'` or `in (…)` joined by `and`. */
export const readGraphFilter = (filter: string | undefined): ((object: object) => boolean) | undefined => {
  if (filter === undefined) return () => true;
  const clauses = filter.split(/\s+and\s+/).map((clause) => clause.trim());
  const wanted = clauses.map((clause) => (equality.exec(clause) ?? membership.exec(clause))?.groups);
  const known = wanted.filter((clause) => clause !== undefined);
  if (known.length < wanted.length) return undefined;
  return (object) => {
    const properties = new Map(Object.entries<unknown>({ ...object }));
    return known.every(({ property = '', values = '' }) => {
      const texts = [...values.matchAll(/'([^']*)'/g)].map(([, text = '']) => text.toLowerCase());
      return texts.includes(String(properties.get(property)).toLowerCase());
    });
  };
};
