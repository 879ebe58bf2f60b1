/** Route templates of the Functions host: literal text, `{name}`, `{name?}`, `{name:constraint}` and `{*rest}`. */

export type RouteParams = Readonly<Record<string, string>>;
/** The parameters of a matching path; undefined if the path does not match. */
export type RouteMatcher = (path: string) => RouteParams | undefined;

type Check = (value: string) => boolean;

/** @see https://learn.microsoft.com/aspnet/core/fundamentals/routing#route-constraints */
const constraints: Readonly<Record<string, (argument: string) => Check>> = {
  guid: () => matches(/^\{?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?$/i),
  int: () => matches(/^-?\d{1,10}$/),
  long: () => matches(/^-?\d{1,19}$/),
  bool: () => matches(/^(true|false)$/i),
  alpha: () => matches(/^[a-z]*$/i),
  minlength: (argument) => (value) => value.length >= Number(argument),
  maxlength: (argument) => (value) => value.length <= Number(argument),
  length: (argument) => {
    const [least = 0, most = least] = argument.split(',').map(Number);
    return (value) => value.length >= least && value.length <= most;
  },
  regex: (argument) => matches(new RegExp(argument, 'i')),
};

/**
 * Compiles a template; literals are not case-sensitive, values are percent-decoded.
 * @throws {Error} when the template has an unsupported constraint.
 */
export function compileRoute(template: string): RouteMatcher {
  const segments = template.split('/').filter((segment) => segment !== '');
  const parts = segments.map(compileSegment);
  return (path) => {
    const given = path.split('/').filter((segment) => segment !== '');
    const isCatchAll = parts.at(-1)?.isCatchAll ?? false;
    if (given.length > parts.length && !isCatchAll) return undefined;
    return collectParams(parts, given);
  };
}

interface Segment {
  readonly name: string | undefined;
  readonly isCatchAll: boolean;
  readonly isOptional: boolean;
  readonly fits: Check;
}

function compileSegment(segment: string): Segment {
  const [, star = '', name, rest = '', optional = ''] =
    /^\{(\*{0,2})([^:?}]+)((?::.+?)?)(\??)\}$/.exec(segment) ?? [];
  if (name === undefined) {
    const literal = segment.toLowerCase();
    return {
      name,
      isCatchAll: false,
      isOptional: false,
      fits: (value) => value.toLowerCase() === literal,
    };
  }
  const checks = splitConstraints(rest).map(toCheck);
  return {
    name,
    isCatchAll: star !== '',
    isOptional: optional === '?' || star !== '',
    fits: (value) => checks.every((check) => check(value)),
  };
}

function splitConstraints(text: string): readonly string[] {
  return text.match(/:[^:(]+(\([^)]*\))?/g) ?? [];
}

function toCheck(constraint: string): Check {
  const [, name = '', argument = ''] = /^:(\w+)(?:\((.*)\))?$/.exec(constraint) ?? [];
  const create = constraints[name];
  if (create === undefined)
    throw new Error(`The local host does not support the route constraint "${constraint}"`);
  return create(argument);
}

function collectParams(parts: readonly Segment[], given: readonly string[]): RouteParams | undefined {
  const params: Record<string, string> = {};
  for (const [at, part] of parts.entries()) {
    const value = decode(part.isCatchAll ? given.slice(at).join('/') : given[at]);
    if (value === undefined || value === '') {
      if (part.isOptional) continue;
      return undefined;
    }
    if (!part.fits(value)) return undefined;
    if (part.name !== undefined) params[part.name] = value;
  }
  return params;
}

function decode(value: string | undefined): string | undefined {
  try {
    return value === undefined ? undefined : decodeURIComponent(value);
  } catch {
    // A stray percent sign is literal text.
    return value;
  }
}

function matches(pattern: RegExp): Check {
  return (value) => pattern.test(value);
}
