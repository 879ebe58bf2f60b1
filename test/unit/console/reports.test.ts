/** The parts of the pages of reports that need no browser. */
import { describe, expect, it } from 'vitest';
import { barsOf, labelsOf, linesOf, topOf, yOf } from '../../../console/reports/chart-shapes.ts';
import { kindsIn } from '../../../console/reports/kinds-in.ts';
import { bytesText, countText } from '../../../console/reports/numbers.ts';
import { optionsCodec, readable, requested } from '../../../console/reports/options.ts';
import { rangeOf } from '../../../console/reports/range.ts';
import { personLink, recordLink } from '../../../console/reports/search-links.ts';
import { shownColumns } from '../../../console/reports/shown-columns.ts';
import { statusText } from '../../../console/reports/status-text.ts';
import { allOperations } from '../../../shared/api/all.ts';
import { describeOpenApi } from '../../../shared/description/openapi.ts';
import { reportKinds } from '../../../shared/reports/kinds/kinds.ts';

describe('kinds of reports in the description of the API', () => {
  const kinds = kindsIn(describeOpenApi(allOperations(), 'https://audit.example/api'));

  it('are all kinds, with the options of each', () => {
    const expected = reportKinds.map(({ name, title, options }) => [name, title, Object.keys(options.shape)]);
    const found = kinds.map(({ name, title, options }) => [name, title, options.map((one) => one.name)]);
    expect(found).toEqual(expected);
  });

  it('have the tables that their reports can have, the main one first', () => {
    const expected = reportKinds.map(({ tables }) => tables.map(({ name, title }) => ({ name, title })));
    expect(kinds.map(({ tables }) => tables)).toEqual(expected);
  });

  it('say which values an option takes', () => {
    const roles = kinds.flatMap(({ options }) => options).find(({ name }) => name === 'roles');
    expect(roles).toMatchObject({ title: 'Roles', isList: true });
    expect(roles?.values).toContain('globalAdministrator');
  });

  it.each([undefined, 'text', {}, { components: { schemas: { ReportKind: { 'x-report-kinds': 7 } } } }])(
    'are none in %j',
    (document) => {
      expect(kindsIn(document)).toEqual([]);
    },
  );
});

describe('the columns of a table', () => {
  const table = (...kinds: readonly string[]) => shownColumns(kinds.map((kind) => ({ kind })));
  const seen = (...kinds: readonly string[]) =>
    table(...kinds).map(({ column: { kind }, at, record }) => [kind, at, record?.at]);

  it('have the link to the only record of a row after its first sentence', () => {
    expect(seen('severity', 'sentence', 'sentence', 'record', 'text')).toEqual([
      ['severity', 0, undefined],
      ['sentence', 1, 3],
      ['sentence', 2, undefined],
      ['text', 4, undefined],
    ]);
  });

  it.each([[['sentence', 'record', 'record']], [['text', 'record']], [['sentence', 'text']]])(
    'are all as they are: %j',
    (kinds) => {
      expect(seen(...kinds)).toEqual(kinds.map((kind, at) => [kind, at, undefined]));
    },
  );
});

describe('the range of a report', () => {
  const now = new Date('2026-03-01T00:30:00.000Z');
  const days = { from: '', to: '' };

  it.each([
    ['lastMonth', '2026-02-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z'],
    ['days7', '2026-02-22T00:00:00.000Z', '2026-03-01T00:00:00.000Z'],
    ['days30', '2026-01-30T00:00:00.000Z', '2026-03-01T00:00:00.000Z'],
  ] as const)('is whole days in UTC: %s', (range, from, to) => {
    expect(rangeOf({ range, ...days }, now)).toEqual({ from, to });
  });

  it('is the month before in January', () => {
    expect(rangeOf({ range: 'lastMonth', ...days }, new Date('2026-01-31T12:00:00Z'))).toEqual({
      from: '2025-12-01T00:00:00.000Z',
      to: '2026-01-01T00:00:00.000Z',
    });
  });

  it.each([
    ['2026-02-03', '2026-02-03'],
    ['2026-02-03', ''],
    ['2026-02-30x', '2026-03-01'],
    ['2026-13-01', '2026-14-01'],
  ])('is none from %j before %j', (from, to) => {
    expect(rangeOf({ range: 'custom', from, to }, now)).toBeUndefined();
  });

  it('is the days that are chosen, without the last one', () => {
    expect(rangeOf({ range: 'custom', from: '2026-02-03', to: '2026-02-04' }, now)).toEqual({
      from: '2026-02-03T00:00:00.000Z',
      to: '2026-02-04T00:00:00.000Z',
    });
  });
});

describe('options of a report', () => {
  const option = { title: '', description: '', values: [] };
  const kind = {
    ...{ name: 'one', title: '', description: '', tables: [] },
    options: [
      { ...option, name: 'roles', isList: true },
      { ...option, name: 'person', isList: false },
    ],
  };

  it('are the same after they were in the address', () => {
    const options = { roles: ['a', 'b,"c'] };
    expect(optionsCodec.parse(optionsCodec.format(options) ?? null)).toEqual(options);
    expect(optionsCodec.format({ roles: [] })).toBeUndefined();
  });

  it.each(['{', '7', 'null', '{"roles":7}', '{"roles":[7]}'])('are none of %s', (text) => {
    expect(Object.values(optionsCodec.parse(text)).flat()).toEqual([]);
  });

  it('are requested where they are set and the kind has them', () => {
    expect(requested(kind, { roles: ['a', 'b'], person: ['p'], other: ['x'] })).toEqual({
      roles: ['a', 'b'],
      person: 'p',
    });
    expect(requested(kind, { roles: [] })).toEqual({});
  });

  it('are read as words', () => {
    expect(readable('globalAdministrator')).toBe('Global administrator');
  });
});

describe('links from a report', () => {
  const scope = { tenantId: 't', from: '2026-02-01T00:00:00.000Z', to: '2026-03-01T00:00:00.000Z' };
  const queryOf = (link: string) => Object.fromEntries(new URL(link, 'https://audit.example').searchParams);
  const range = { tenants: 't', range: 'custom', from: scope.from, to: scope.to };

  it('open a record in the search for it', () => {
    expect(queryOf(recordLink(scope, 'r'))).toEqual({ ...range, ids: 'r', record: 't/r' });
  });

  it('search for a person, whatever the name is', () => {
    expect(queryOf(personLink(scope, 'Doe, "Jo" & co'))).toEqual({ ...range, actor: '"Doe, ""Jo"" & co"' });
    expect(queryOf(personLink(scope, 'jo@contoso.example'))).toEqual({
      ...range,
      actor: 'jo@contoso.example',
    });
  });
});

describe('what became of a report', () => {
  it.each([
    [{ status: 'Running', isPending: true, hasGaps: true }, 'busy'],
    [{ status: 'Failed', isPending: false, hasGaps: false }, 'bad'],
    [{ status: 'Succeeded', isPending: false, hasGaps: true }, 'warning'],
    [{ status: 'Succeeded', isPending: true, hasGaps: false }, 'warning'],
    [{ status: 'Succeeded', isPending: false, hasGaps: false }, 'good'],
  ] as const)('is said of %j', (report, tone) => {
    expect(statusText(report).tone).toBe(tone);
  });
});

describe('a chart', () => {
  const chart = {
    ...{ name: 'days', title: 'Days', x: { title: 'Day', values: ['a', 'b'] } },
    series: [
      { name: 'one', title: 'One', values: [1, 30] },
      { name: 'two', title: 'Two', values: [2, 40] },
    ],
  };

  it('ends at a round number above all bars', () => {
    expect(topOf({ ...chart, kind: 'bars' })).toBe(50);
    expect(topOf({ ...chart, kind: 'stackedBars' })).toBe(100);
  });

  it('puts the parts of a bar on each other', () => {
    const [first, second] = barsOf({ ...chart, kind: 'stackedBars' }, 5);
    expect(first).toMatchObject({ series: 0, y: yOf(1, 5) });
    expect(first?.height).toBeCloseTo(yOf(0, 5) - yOf(1, 5));
    expect(second).toMatchObject({ series: 1, x: first?.x, y: yOf(3, 5) });
    expect(second?.height).toBeCloseTo(yOf(1, 5) - yOf(3, 5));
  });

  it('puts bars side by side', () => {
    const [left, right] = barsOf({ ...chart, kind: 'bars' }, 50);
    expect(right).toMatchObject({ width: left?.width, y: yOf(2, 50) });
    expect(right?.x).toBeGreaterThan(left?.x ?? Infinity);
  });

  it('has a line for each series, and a label where there is room', () => {
    expect(linesOf({ ...chart, kind: 'lines' }, 50).map((line) => line.split(' ').length)).toEqual([2, 2]);
    const values = Array.from({ length: 90 }, (_, at) => String(at));
    expect(labelsOf({ ...chart, kind: 'lines', x: { title: '', values } }).length).toBeLessThanOrEqual(8);
  });
});

describe('numbers', () => {
  it('are written for people', () => {
    expect([countText(1234.5), bytesText(1), bytesText(1536), bytesText(5 * 1024 ** 3)]).toEqual([
      ...['1,234.5', '1 bytes', '1.5 KB', '5 GB'],
    ]);
  });
});
