/**
 * What someone puts together to answer a question: searches side by side, pinned records, and notes. It has no record,
 * only where each is, so that what may be read is decided each time it is read.
 */

export interface Pin {
  readonly tenantId: string;
  readonly recordId: string;
  readonly note: string;
}

export interface Investigation {
  readonly title: string;
  readonly notes: string;
  /** Each as the query of its address under /console/search, such as `?actor=ann`. */
  readonly searches: readonly string[];
  /** In the order in which they were pinned. */
  readonly pins: readonly Pin[];
}

export const emptyInvestigation: Investigation = { title: '', notes: '', searches: [], pins: [] };

/** What fits into the storage of a browser, and into a head. */
export const limits = { searches: 6, pins: 200, title: 200, notes: 20_000, note: 2_000 } as const;

/** @returns the same if it is there already, or there are as many as there can be */
export function withSearch(all: Investigation, search: string): Investigation {
  if (all.searches.includes(search) || all.searches.length >= limits.searches) return all;
  return { ...all, searches: [...all.searches, search] };
}

export function withoutSearch(all: Investigation, search: string): Investigation {
  return { ...all, searches: all.searches.filter((one) => one !== search) };
}

type RecordName = Pick<Pin, 'tenantId' | 'recordId'>;

function isOf({ tenantId, recordId }: RecordName) {
  return (pin: Pin) => pin.tenantId === tenantId && pin.recordId === recordId;
}

export function isPinned(all: Investigation, record: RecordName): boolean {
  return all.pins.some(isOf(record));
}

/** @returns the same if it is pinned already, or there are as many as there can be */
export function withPin(all: Investigation, { tenantId, recordId }: RecordName): Investigation {
  if (isPinned(all, { tenantId, recordId }) || all.pins.length >= limits.pins) return all;
  return { ...all, pins: [...all.pins, { tenantId, recordId, note: '' }] };
}

export function withoutPin(all: Investigation, record: RecordName): Investigation {
  const isThis = isOf(record);
  return { ...all, pins: all.pins.filter((pin) => !isThis(pin)) };
}

export function withNote(all: Investigation, record: RecordName, note: string): Investigation {
  const isThis = isOf(record);
  const noted = { ...record, note: note.slice(0, limits.note) };
  return { ...all, pins: all.pins.map((pin) => (isThis(pin) ? noted : pin)) };
}

/** Of what a browser stored: what cannot be read is left out. */
export function parseInvestigation(stored: string | null): Investigation {
  const found = stored === null ? undefined : parsed(stored);
  const searches = listIn(found, 'searches').filter((one) => typeof one === 'string');
  return {
    title: textIn(found, 'title').slice(0, limits.title),
    notes: textIn(found, 'notes').slice(0, limits.notes),
    searches: searches.slice(0, limits.searches),
    pins: listIn(found, 'pins').map(pinOf).filter(hasRecord).slice(0, limits.pins),
  };
}

function pinOf(stored: unknown): Pin {
  const [tenantId, recordId] = [textIn(stored, 'tenantId'), textIn(stored, 'recordId')];
  return { tenantId, recordId, note: textIn(stored, 'note').slice(0, limits.note) };
}

function hasRecord({ tenantId, recordId }: Pin): boolean {
  return tenantId !== '' && recordId !== '';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function textIn(value: unknown, name: string): string {
  const member = memberOf(value, name);
  return typeof member === 'string' ? member : '';
}

function listIn(value: unknown, name: string): readonly unknown[] {
  const member = memberOf(value, name);
  return Array.isArray(member) ? member : [];
}
