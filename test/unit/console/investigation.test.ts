/** The investigation that a browser keeps: what is added, what is refused, and what is read of damaged storage. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  emptyInvestigation,
  isPinned,
  limits,
  parseInvestigation,
  withNote,
  withoutPin,
  withoutSearch,
  withPin,
  withSearch,
  type Investigation,
} from '../../../console/investigation/investigation.ts';
import { datedWords, searchWords } from '../../../console/investigation/search-words.ts';
import { createInvestigationStore } from '../../../console/investigation/store.ts';
import { searchSchema } from '../../../console/search/search-state.ts';
import { readState } from '../../../console/url/codecs.ts';

const record = { tenantId: 'contoso', recordId: 'r1' };
const count = (from: Investigation) => [from.searches.length, from.pins.length];

describe('an investigation', () => {
  it('has each search and each record once', () => {
    const once = withPin(withSearch(emptyInvestigation, '?actor=ann'), record);
    expect(withPin(withSearch(once, '?actor=ann'), record)).toBe(once);
    expect(isPinned(once, { ...record, tenantId: 'fabrikam' })).toBe(false);
    expect(count(withoutPin(withoutSearch(once, '?actor=ann'), record))).toEqual([0, 0]);
  });

  it('takes no more than it can show and store', () => {
    const many = Array.from({ length: 300 }, (_, at) => String(at));
    const full = many.reduce(
      (all, id) => withPin(withSearch(all, id), { tenantId: 't', recordId: id }),
      emptyInvestigation,
    );
    expect(count(full)).toEqual([limits.searches, limits.pins]);
  });

  it('keeps a note with its own record, cut to what is stored', () => {
    const pinned = withPin(withPin(emptyInvestigation, record), { ...record, recordId: 'r2' });
    const noted = withNote(pinned, record, 'x'.repeat(3_000));
    expect(noted.pins.map(({ note }) => note.length)).toEqual([limits.note, 0]);
  });

  it('is read as it was stored, and reads anything without failing', () => {
    const pin = fc.record({
      tenantId: fc.string({ minLength: 1 }),
      recordId: fc.string({ minLength: 1 }),
      note: fc.string(),
    });
    const any = fc.record({
      ...{ title: fc.string(), notes: fc.string() },
      searches: fc.array(fc.string(), { maxLength: limits.searches }),
      pins: fc.array(pin, { maxLength: 20 }),
    });
    fc.assert(
      fc.property(any, (one) => {
        expect(parseInvestigation(JSON.stringify(one))).toEqual(one);
      }),
    );
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.json()),
        (text) => parseInvestigation(text).pins.length <= limits.pins,
      ),
    );
    expect(parseInvestigation('{"pins":[{"tenantId":"t"}],"searches":[1]}')).toEqual(emptyInvestigation);
  });
});

describe('the store of investigations', () => {
  function slots() {
    const kept = new Map<string, string>();
    return {
      getItem: (name: string) => kept.get(name) ?? null,
      setItem: (name: string, value: string) => void kept.set(name, value),
      removeItem: (name: string) => void kept.delete(name),
      size: () => kept.size,
    };
  }

  it('loses nothing that another tab added', () => {
    const storage = slots();
    const [one, other] = [1, 2].map(() => createInvestigationStore(storage, () => 'Key a'));
    one?.change((now) => withSearch(now, '?actor=ann'));
    other?.change((now) => withPin(now, record));
    expect(count(one?.read() ?? emptyInvestigation)).toEqual([1, 1]);
  });

  it('says that nothing is kept where the browser does not store it, and still has what was changed', () => {
    const full = () => {
      throw new Error('QuotaExceededError');
    };
    const store = createInvestigationStore({ ...slots(), setItem: full }, () => 'Key a');
    const { investigation, isKept } = store.change((now) => withPin(now, record));
    expect([isKept, isPinned(investigation, record), isPinned(store.read(), record)]).toEqual([
      false,
      true,
      false,
    ]);
  });

  it('shows to no person what another one noted in the same browser, and leaves nothing after starting over', () => {
    const storage = slots();
    const ann = createInvestigationStore(storage, () => 'Key a');
    const bob = createInvestigationStore(storage, () => 'Key b');
    ann.change((now) => withPin(now, record));
    expect(bob.read()).toEqual(emptyInvestigation);
    ann.change(() => emptyInvestigation);
    expect(storage.size()).toBe(0);
  });
});

describe('a search in words', () => {
  it('names the moments that it is about where it is read later', () => {
    const state = readState(searchSchema, '?range=day');
    expect(datedWords(state, new Date('2026-11-30T12:00:00Z'))).toBe(
      'Last 24 hours (2026-11-29T12:00:00.000Z to 2026-11-30T12:00:00.000Z)',
    );
  });

  it('names its filters and its time', () => {
    const words = (search: string) => searchWords(readState(searchSchema, search));
    expect(words('?actor=ann&clientIp=192.0.2.7')).toBe('People: ann · Addresses: 192.0.2.7 · Last 7 days');
    expect(words('?range=custom&from=2026-11-01T00:00:00')).toBe('From 2026-11-01T00:00:00 to now (UTC)');
    expect(words('')).toBe('Last 7 days');
    expect(words('?tenants=tag:gold,fabrikam')).toBe('Tenants: tag:gold, fabrikam · Last 7 days');
  });
});
