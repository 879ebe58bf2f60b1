/** The modifiers of a Sigma field: `Parameters|contains|all`. */
import type { Place } from './sigma-error.ts';

const kinds = [
  ...['contains', 'startswith', 'endswith', 're', 'cidr', 'exists'],
  ...['lt', 'lte', 'gt', 'gte', 'fieldref'],
] as const;
type Kind = (typeof kinds)[number];

const flags = ['all', 'cased', 'neq', 'windash', 'i', 'm', 's'] as const;
type Flag = (typeof flags)[number];

export interface Modified {
  /** Empty for keywords. */
  readonly field: string;
  /** How values are compared. @default equality with wildcards */
  readonly kind: Exclude<Kind, 'fieldref'> | undefined;
  /** Values are names of fields. */
  readonly isReference: boolean;
  readonly flags: ReadonlySet<Flag>;
}

/** Known ones that are not supported. */
const unsupported: ReadonlySet<string> = new Set([
  ...['base64', 'base64offset', 'utf16', 'utf16le', 'utf16be', 'wide', 'expand'],
  ...['minute', 'hour', 'day', 'week', 'month', 'year'],
]);

/** @param key with its modifiers @throws SigmaError */
export function modifiersOf(key: string, place: Place): Modified {
  const [field = '', ...names] = key.split('|');
  for (const name of names) refuseUnknown(name, place);
  const given = kinds.filter((kind) => names.includes(kind));
  const isReference = given.includes('fieldref');
  const [kind, another] = given.filter((one) => one !== 'fieldref');
  if (another !== undefined) throw place.refused(another, `does not go together with ${kind ?? ''}`);
  const modified = { field, kind, isReference, flags: new Set(flags.filter((flag) => names.includes(flag))) };
  refuseMeaningless(modified, place);
  return modified;
}

function refuseUnknown(name: string, place: Place): void {
  if (unsupported.has(name)) throw place.refused(name, 'is a modifier that is not supported');
  if (!([...kinds, ...flags] as readonly string[]).includes(name))
    throw place.refused(name, `is not a modifier. Known: ${[...kinds, ...flags].join(', ')}`);
}

/** What each flag has an effect with. */
const meaningful: readonly (readonly [Flag, readonly (Kind | undefined)[]])[] = [
  ['i', ['re']],
  ['m', ['re']],
  ['s', ['re']],
  ['cased', [undefined, 'contains', 'startswith', 'endswith']],
  ['windash', [undefined, 'contains', 'startswith', 'endswith']],
];
const comparable: readonly (Kind | undefined)[] = [undefined, 'contains', 'startswith', 'endswith'];

function refuseMeaningless({ kind, isReference, flags: given }: Modified, place: Place): void {
  const wrong = meaningful.find(
    ([flag, allowed]) => given.has(flag) && (!allowed.includes(kind) || isReference),
  );
  const other = isReference ? 'fieldref' : (kind ?? 'equality');
  if (wrong !== undefined) throw place.refused(wrong[0], `has no meaning with ${other}`);
  if (isReference && !comparable.includes(kind))
    throw place.refused('fieldref', `does not go together with ${kind ?? ''}`);
}
