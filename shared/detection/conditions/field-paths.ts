/** Paths in the delivered record: names of members, and of pairs in lists of names and values, joined by dots. */
import { isPath } from '../../query/filter-language/filter-members.ts';
import { namesOfPath } from '../../query/filter-language/path-values.ts';

/** Each doubles the ways in which a path with dots in its names can be read. */
const maxParts = 6;

/**
 * The names on the way to a value. Names may contain dots, as in `ModifiedProperties.Role.DisplayName.NewValue`, so every
 * way to join the parts is one; quotes, as in `ModifiedProperties.'Role.DisplayName'.NewValue`, leave no choice. Paths of
 * the filter language, `auditData/Parameters/Identity`, are read as there. Empty for a path of too many parts.
 */
export function splitsOf(path: string): readonly (readonly string[])[] {
  if (isPath(path)) return [namesOfPath(path)];
  const parts = path.match(/'(?:[^']|'')*'|[^.]+/g) ?? [];
  const [first, ...rest] = parts;
  if (first === undefined || parts.length > maxParts) return [];
  // Members of records have no dots in their names: those are in lists.
  return joins(rest).map((names) => [first, ...names].map(unquoted));
}

/** The one with the most names comes first. */
function joins(parts: readonly string[]): readonly (readonly string[])[] {
  const [first, ...rest] = parts;
  if (first === undefined) return [[]];
  const apart = joins(rest).map((names) => [first, ...names]);
  const [next, ...others] = rest;
  if (next === undefined || isQuoted(first) || isQuoted(next)) return apart;
  return [...apart, ...joins([`${first}.${next}`, ...others])];
}

function isQuoted(name: string): boolean {
  return name.startsWith("'");
}

function unquoted(name: string): string {
  return isQuoted(name) ? name.slice(1, -1).replaceAll("''", "'") : name;
}
