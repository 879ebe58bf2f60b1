import { describe, expect, it } from 'vitest';
import { certaintyAt } from '../../../../shared/reports/kinds/privileged-activity/certainty.ts';
import {
  holdingsOf,
  type RoleHistory,
} from '../../../../shared/reports/kinds/privileged-activity/holdings.ts';
import { at, gains, holderOf, joins, loses, snapshotAt } from './history.ts';

const anna = holderOf('anna');
const later = (time: string, seconds: number) => new Date(at(time).getTime() + seconds * 1000);

function certaintyOf(history: Partial<RoleHistory>, moment: Date) {
  const holdings = holdingsOf({ snapshots: [], changes: [], ...history });
  const own = holdings.filter(({ principal }) => principal.key === 'anna');
  const found = own.flatMap((holding) => certaintyAt(holding, moment) ?? []);
  return found.length > 1 ? found : found[0];
}

describe('whether a role was certainly held', () => {
  const known = { changes: [gains('05T10:00', 'anna'), loses('05T14:00', 'anna')] };

  it.each([
    ['before the second of the gain', later('05T10:00', -1), undefined],
    // Records have whole seconds: what was done in the same one may have been done before it.
    ['in the second of the gain', at('05T10:00'), 'possibly'],
    ['in the second after it', later('05T10:00', 1), 'certainly'],
    ['in the second before the loss', later('05T14:00', -1), 'certainly'],
    ['in the second of the loss', at('05T14:00'), 'possibly'],
    ['in the second after it', later('05T14:00', 1), undefined],
  ])('%s', (_, moment, expected) => {
    expect(certaintyOf(known, moment)).toBe(expected);
  });

  it('is not certain after a gain without later evidence', () => {
    const gained = { changes: [gains('05T10:00', 'anna')] };
    expect(certaintyOf(gained, at('05T11:00'))).toBe('possibly');
    const seen = { ...gained, snapshots: [snapshotAt('06', anna)] };
    expect(certaintyOf(seen, at('05T11:00'))).toBe('certainly');
    const lost = { changes: [...gained.changes, loses('07T10:00', 'anna')] };
    expect(certaintyOf(lost, at('05T11:00'))).toBe('certainly');
    const gone = { ...gained, snapshots: [snapshotAt('06')] };
    expect(certaintyOf(gone, at('05T11:00'))).toBe('possibly');
  });

  it('is certain between two snapshots, and neither before the first nor after the last', () => {
    const history = { snapshots: [snapshotAt('05', anna), snapshotAt('06', anna)] };
    expect(certaintyOf(history, at('04T23:59'))).toBe('possibly');
    expect(certaintyOf(history, at('05T12:00'))).toBe('certainly');
    expect(certaintyOf(history, at('06T00:01'))).toBe('possibly');
  });

  it('is not certain in a second in which it was lost and gained', () => {
    const snapshots = [snapshotAt('05', anna), snapshotAt('06', anna)];
    const history = { snapshots, changes: [loses('05T10:00', 'anna'), gains('05T10:00', 'anna')] };
    expect(certaintyOf(history, later('05T10:00', -1))).toBe('certainly');
    expect(certaintyOf(history, at('05T10:00'))).toBe('possibly');
    expect(certaintyOf(history, later('05T10:00', 1))).toBe('certainly');
  });

  it('is certain while one of two ways to hold it certainly is', () => {
    const group = ['c1111111-0000-4000-8000-000000000001', 'Tier 0'];
    const member = holderOf('anna', { throughGroup: 'Tier 0' });
    const history = {
      snapshots: [snapshotAt('04', holderOf('ben', { throughGroup: 'Tier 0' })), snapshotAt('06', member)],
      changes: [gains('05T10:00', 'anna'), joins('05T11:00', 'anna', group), loses('05T12:00', 'anna')],
    };
    expect(certaintyOf(history, at('05T12:00'))).toBe('certainly');
    expect(certaintyOf(history, at('05T18:00'))).toBe('certainly');
  });
});
