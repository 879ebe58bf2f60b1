/** The filters of a search, a row each: how people read them, and how the API takes them. */

/** `list`: several, separated by commas. `repeated`: several, which may contain commas. `one`: one text. */
type Kind = 'list' | 'repeated' | 'one';

/** Lists of known values that a filter offers; any other value can be typed. */
export type Vocabulary = 'services' | 'operations' | 'recordTypes';

interface FilterField {
  readonly label: string;
  readonly kind: Kind;
  readonly hint?: string;
  readonly vocabulary?: Vocabulary;
  /** Shown at once; the others are under "More filters". */
  readonly isMain?: true;
}

/** By the names that the API, saved searches, exports, and addresses of the console use. */
export const filterFields = {
  actor: { label: 'People', kind: 'list', isMain: true, hint: 'Who did it, by any name' },
  operations: { label: 'Activities', kind: 'list', isMain: true, vocabulary: 'operations' },
  service: { label: 'Services', kind: 'list', isMain: true, vocabulary: 'services' },
  clientIp: { label: 'Addresses', kind: 'list', isMain: true, hint: 'Such as 192.0.2.7 or 192.0.2.0/24' },
  objectId: { label: 'Files and objects', kind: 'repeated', isMain: true, hint: '* is any characters' },
  text: { label: 'Text', kind: 'one', isMain: true, hint: 'Anywhere in the record' },
  target: { label: 'Targets', kind: 'list', hint: 'Who or what it was done to, by any name' },
  mailbox: { label: 'Mailboxes', kind: 'list', hint: 'By any name' },
  siteUrl: { label: 'Sites', kind: 'repeated', hint: 'Addresses of sites' },
  resultStatus: { label: 'Results', kind: 'list', hint: 'Such as Failed' },
  recordType: { label: 'Record types', kind: 'list', vocabulary: 'recordTypes' },
  users: { label: 'User IDs', kind: 'list', hint: 'Exactly as in records' },
  userType: { label: 'User types', kind: 'list', hint: 'Such as Admin' },
  team: { label: 'Teams', kind: 'list', hint: 'IDs of groups of teams' },
  siteIds: { label: 'Site IDs', kind: 'list' },
  administrativeUnits: { label: 'Administrative units', kind: 'list', hint: 'IDs' },
  ids: { label: 'Record IDs', kind: 'list' },
  filter: { label: 'Filter', kind: 'one', hint: "For experts: operation eq 'Send' and recordType ne 4" },
} as const satisfies Readonly<Record<string, FilterField>>;

export type FilterName = keyof typeof filterFields;
/** What each filter is set to; none: every record passes. */
export type Filters = Readonly<Record<FilterName, readonly string[]>>;

/** In the order in which they are shown. */
export const filterNames = namesOf(filterFields);

export function fieldOf(name: FilterName): FilterField {
  return filterFields[name];
}

function namesOf<T extends object>(table: T): readonly (keyof T)[] {
  // Rows of a literal are all there is.
  return Object.keys(table) as (keyof T)[];
}
