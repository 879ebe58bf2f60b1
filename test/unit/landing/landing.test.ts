import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentTypes } from '../../../shared/activity/content-types.ts';
import { decodeRuns, encodeRuns } from '../../../shared/landing/content-runs.ts';
import { landingIdOf, rawBlobName } from '../../../shared/landing/landing-names.ts';
import { contentNamed } from '../../support/content.ts';
import { fabrikamId } from '../../support/tenants.ts';

const anySecond = fc.integer({ min: 1_500_000_000, max: 2_500_000_000 });
const anyRun = fc.record({
  contentType: fc.constantFrom(...contentTypes),
  contentCreated: anySecond.map((seconds) => new Date(seconds * 1000)),
  records: fc.nat(1_000_000),
});

describe('runs', () => {
  it('are the same after being written and read', () => {
    fc.assert(
      fc.property(fc.array(anyRun), (runs) => {
        expect(decodeRuns(encodeRuns(runs))).toEqual(runs);
      }),
    );
  });

  it.each(['', 'Z1.abc', 'nonsense', 'E.abc', 'E1'])('skip what is malformed: %j', (text) => {
    expect(decodeRuns(text)).toEqual([]);
  });
});

describe('landing ids', () => {
  it('sort by time, differ for landings with the same timestamp, and are the same for the same content', () => {
    const content = contentNamed('first', new Date('2026-03-10T11:00:00Z'));
    const other = contentNamed('other', new Date('2026-03-10T11:00:00Z'));
    fc.assert(
      fc.property(anySecond, anySecond, (a, b) => {
        fc.pre(a < b);
        const [earlier, later] = [new Date(a * 1000), new Date(b * 1000)];
        expect(landingIdOf(earlier, [content]) < landingIdOf(later, [content])).toBe(true);
        expect(landingIdOf(earlier, [content])).toBe(landingIdOf(earlier, [content]));
        expect(landingIdOf(earlier, [content])).not.toBe(landingIdOf(earlier, [other]));
        expect(landingIdOf(earlier, [content], 1)).not.toBe(landingIdOf(earlier, [content], 2));
      }),
    );
  });

  it('are in the folder of the day they landed', () => {
    const landedAt = new Date('2026-03-02T23:59:59.999Z');
    expect(rawBlobName(fabrikamId, landedAt, 'some-landing')).toBe(
      `tenant=${fabrikamId}/date=2026-03-02/some-landing.ndjson.gz`,
    );
  });
});
