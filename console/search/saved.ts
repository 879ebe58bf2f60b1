/** Saved searches: what of a search is saved, and the search that a saved one opens. */
import { fieldOf, filterNames } from './filter-fields.ts';
import { splitValues } from './lists.ts';
import { askedFilters, filtersOf, noFilters, type SearchState } from './search-state.ts';

/** As the API has it: a list may be one text with commas, or several texts. */
interface Saved {
  readonly tenants?: string | undefined;
  readonly filters: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** The filters, and the range if it is from … to …: one that ends now would end at the same time for ever. */
export function savedFilters(state: SearchState): Record<string, string | string[]> {
  const { range, from, to } = state;
  const ends = range === 'custom' ? Object.entries({ from, to }).filter(([, value]) => value !== '') : [];
  const filters = Object.entries(askedFilters(filtersOf(state))).map(
    ([name, value]) => [name, copied(value)] as const,
  );
  return Object.fromEntries<string | string[]>([...filters, ...ends]);
}

function copied(value: string | readonly string[]): string | string[] {
  return typeof value === 'string' ? value : [...value];
}

/** All filters and the tenants of the saved one; its range if it has one, and otherwise that of the page. */
export function openedBy({ tenants = '*', filters }: Saved): Partial<SearchState> {
  const values = filterNames.map((name) => [name, valuesOf(fieldOf(name).kind, filters[name])] as const);
  const [from, to] = [oneOf(filters['from']), oneOf(filters['to'])];
  const range = from === '' && to === '' ? {} : ({ range: 'custom', from, to } as const);
  return { ...noFilters(), ...Object.fromEntries(values), tenants: splitValues(tenants), ...range };
}

function valuesOf(kind: string, given: string | readonly string[] | undefined): readonly string[] {
  const texts = given === undefined ? [] : [given].flat();
  return kind === 'list' ? texts.flatMap(splitValues) : texts;
}

function oneOf(given: string | readonly string[] | undefined): string {
  return [given ?? ''].flat()[0] ?? '';
}

/** The one tenant that is searched, which has saved searches of its own; undefined if several may be. */
export function onlyTenant({ tenants }: Pick<SearchState, 'tenants'>): string | undefined {
  const [one, ...others] = tenants;
  const isSet = one === undefined || one === '*' || one.startsWith('tag:');
  return isSet || others.length > 0 ? undefined : one;
}

const longest = 64;

/**
 * For addresses: the letters and digits of a title. Where others are left out, a hash of the title keeps names of different titles
 * apart.
 */
export function searchNameOf(title: string): string {
  const plain = title
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^A-Za-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  if (plain === title.replaceAll(' ', '-') && plain.length <= longest) return plain;
  const hash = hashOf(title);
  const kept = plain.slice(0, longest - hash.length - 1);
  return [kept === '' ? 'search' : kept, hash].join('-');
}

/** FNV-1a of 32 bits. @see http://www.isthe.com/chongo/tech/comp/fnv/ */
function hashOf(text: string): string {
  const bytes = new TextEncoder().encode(text);
  return bytes.reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193) >>> 0, 0x811c9dc5).toString(36);
}
