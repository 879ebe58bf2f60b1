/** Compares paths with the routes of operations. */
import { isTypo } from './typo.ts';

/** Whether the host would choose this route for the path: literal words are not case-sensitive. */
export function matchesRoute(route: string, path: readonly string[]): boolean {
  return differences(route, path, (word, given) => (word === given ? 0 : undefined)) === 0;
}

/** The route that a path was probably meant to have: words may be mistyped or have another plural ending. */
export function nearestRoute(routes: readonly string[], path: readonly string[]): string | undefined {
  const near = routes.flatMap((route) => {
    const count = differences(route, path, distance);
    return count === undefined ? [] : [{ route, count }];
  });
  return near.sort((a, b) => a.count - b.count || parametersIn(a.route) - parametersIn(b.route))[0]?.route;
}

/** The sum over all words; undefined if the path does not fit. */
function differences(
  route: string,
  path: readonly string[],
  compare: (word: string, given: string) => number | undefined,
): number | undefined {
  const segments = route.split('/');
  if (segments.length !== path.length) return undefined;
  const counts = segments.map((segment, at) =>
    segment.startsWith('{') ? 0 : compare(segment.toLowerCase(), path[at]?.toLowerCase() ?? ''),
  );
  return counts.reduce<number | undefined>(
    (sum, count) => (sum === undefined || count === undefined ? undefined : sum + count),
    0,
  );
}

function distance(word: string, given: string): number | undefined {
  if (word === given) return 0;
  return isTypo(given, word) || bare(given) === bare(word) ? 1 : undefined;
}

/** Without a plural ending and signs. */
function bare(word: string): string {
  return word.replaceAll(/[^a-z]/g, '').replace(/(?:ies|y|s)$/, '');
}

function parametersIn(route: string): number {
  return route.split('{').length;
}
