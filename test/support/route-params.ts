/** Matches paths against routes as the Functions host does. */

/** The parameters of a path that a route matches, undefined when it does not. */
export function paramsOf(route: string, path: string): Record<string, string> | undefined {
  const [wanted, given] = [route.split('/'), path.split('/')];
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [at, segment] of wanted.entries()) {
    const name = /^\{(\w+)\}$/.exec(segment)?.[1];
    const value = decodeURIComponent(given[at] ?? '');
    if (name !== undefined) params[name] = value;
    else if (segment !== value) return undefined;
  }
  return params;
}
