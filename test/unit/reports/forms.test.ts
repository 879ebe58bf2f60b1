/** Reports in all forms: the same data, and nothing that a record says is more than a text there. */
import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { parse } from 'csv-parse/sync';
import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { cutText } from '../../../shared/reports/cut-text.ts';
import { reportSchema, type TableHead, type TenantReport } from '../../../shared/reports/document.ts';
import { renderCsv } from '../../../shared/reports/forms/csv-form.ts';
import { renderHtml } from '../../../shared/reports/forms/html-form.ts';
import { answerPolicy } from '../../../shared/reports/forms/html-style.ts';
import { renderJson } from '../../../shared/reports/forms/json-form.ts';
import type { RenderedReport } from '../../../shared/reports/forms/report-form.ts';
import { svgChart } from '../../../shared/reports/forms/svg-chart.ts';
import { renderXlsx } from '../../../shared/reports/forms/xlsx-form.ts';
import { adatumId, fabrikamId } from '../../support/tenants.ts';

const main: TableHead = {
  name: 'people',
  title: 'People',
  columns: [
    { name: 'person', title: 'Person', kind: 'person' },
    { name: 'count', title: 'Records', kind: 'count' },
    { name: 'bytes', title: 'Size', kind: 'bytes' },
    { name: 'at', title: 'Last', kind: 'moment' },
    { name: 'grade', title: 'Grade', kind: 'severity' },
  ],
};
const other: TableHead = {
  name: 'places',
  title: 'Places',
  columns: [{ name: 'place', title: 'Place', kind: 'text' }],
};

const hostile = [
  `<script>alert(1)</script><img src=x onerror=alert(1)>`,
  `</style></title><svg onload=alert(1)>`,
  `=HYPERLINK("https://evil.example","x")`,
  `\t=1+1`,
  `a;=1+1`,
  `invoice\u202Efdp.exe`,
  `\u0000\u001B[31m\u0085\u2028\uFEFF`,
  `\uD800`,
  ...['\u00AD', '\u3164', '\u{E0041}', '\u206A'].map((hidden) => `a${hidden}b`),
  `" onmouseover="alert(1)`,
  `]]> &lt; &#x3c;`,
  cutText('é'.repeat(65_536)),
];

function tenantReport(tenantId: string, changes: Partial<TenantReport> = {}): TenantReport {
  return {
    tenantId,
    displayName: 'Contoso',
    completeThrough: '2026-03-08T00:00:00.000Z',
    isPartial: false,
    isPending: false,
    hasGaps: false,
    gaps: [],
    gapsOmitted: 0,
    sections: [],
    ...changes,
  };
}

const spoiled = tenantReport(adatumId, {
  displayName: hostile[0] ?? '',
  isPartial: true,
  hasGaps: true,
  gaps: [{ from: '2026-03-01T00:00:00.000Z', to: '2026-03-02T00:00:00.000Z', reason: 'Lost <b>' }],
  gapsOmitted: 2,
  sections: [
    {
      name: 'all',
      title: '<b>All</b>',
      paragraphs: hostile,
      tables: [
        {
          ...main,
          rows: hostile.map((text) => [text, 1234, 5_000_000, '2026-03-02T09:00:59.000Z', 'critical']),
          omitted: 7,
        },
        { ...other, rows: [[null]], omitted: 0 },
      ],
      charts: [
        {
          name: 'chart',
          title: '<i>"Chart"</i>',
          kind: 'bars',
          x: { title: 'x', values: hostile },
          series: [{ name: 'a', title: '<b>', values: hostile.map((_, at) => at) }],
        },
      ],
    },
  ],
});
const calm = tenantReport(fabrikamId, {
  sections: [
    {
      ...{ name: 'all', title: 'All', paragraphs: ['Nothing happened.'], charts: [] },
      // As an earlier release might have written it: other columns in another order.
      tables: [
        {
          ...main,
          columns: [...main.columns.slice(1, 2), ...main.columns.slice(0, 1)],
          rows: [[3, 'Bob']],
          omitted: 0,
        },
      ],
    },
  ],
});

function rendered(tenants: readonly TenantReport[]): RenderedReport {
  return {
    head: {
      kind: 'invented',
      title: 'Invented',
      from: '2026-03-01T00:00:00.000Z',
      to: '2026-03-08T00:00:00.000Z',
      createdBy: 'key-1',
      createdDateTime: '2026-03-10T12:00:00.000Z',
    },
    tables: [main, other],
    async *tenants() {
      for (const tenant of tenants) yield await Promise.resolve(tenant);
    },
  };
}

const textOf = async (chunks: AsyncIterable<Buffer>) => (await buffer(chunks)).toString('utf8');
const both = rendered([spoiled, calm]);

describe('a report as JSON', () => {
  it.each([[[]], [[calm]], [[spoiled, calm]]])('is the document (%#)', async (tenants) => {
    const report = reportSchema.parse(JSON.parse(await textOf(renderJson(rendered(tenants)))));
    expect(report).toEqual({ ...rendered([]).head, tenants });
  });
});

describe('a report as a page', () => {
  it('has no markup but its own, whatever records say', async () => {
    const page = await textOf(renderHtml(both));
    expect(page).not.toMatch(/<(script|img|iframe|link|object|embed|form|a)\b/i);
    expect(page).not.toMatch(/<[^>]*\s(on\w+|style|href|src)=/i);
    expect(page.match(/<svg\b/g)).toHaveLength(1);
    expect(page.match(/<\/style>/g)).toHaveLength(1);
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  });

  it('isolates the direction of texts, and names characters that cannot be seen', async () => {
    const page = await textOf(renderHtml(both));
    expect(page).not.toMatch(/(?!\n)\p{Cc}|[\u202A-\u202E\u2066-\u2069\u2028\uFEFF]/u);
    expect(page).toContain('<bdi>invoice<span class="mark">U+202E</span>fdp.exe</bdi>');
    expect(page).toContain('<span class="mark">U+0000 and 1 more</span>[31m');
    for (const name of ['U+00AD', 'U+3164', 'U+E0041', 'U+206A'])
      expect(page).toContain(`a<span class="mark">${name}</span>b`);
  });

  it('uses exactly the style that its policy allows, in the answer and in a copy of it', async () => {
    const page = await textOf(renderHtml(both));
    const [, style = ''] = /<style>(.*)<\/style>/s.exec(page) ?? [];
    const allowed = `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`;
    expect(answerPolicy).toContain(`default-src 'none'; ${allowed};`);
    expect(page).toContain(`content="default-src &#39;none&#39;; ${allowed.replaceAll("'", '&#39;')};`);
    expect(style).toContain('display:table-header-group');
    expect(style).toContain('@media screen and (prefers-color-scheme:dark)');
  });

  it('says who requested it and when, what is missing, and what is not listed', async () => {
    const page = await textOf(renderHtml(both));
    expect(page).toContain('<dt>Requested by</dt><dd><bdi>key-1</bdi></dd>');
    expect(page).toContain('2026-03-10 12:00:00</time>');
    expect(page).toContain('7 more rows are counted, and not listed.');
    expect(page).toContain('Lost &lt;b&gt;');
    expect(page).toContain('2 more rows are counted');
    expect(page).toContain('(cut; 65536 characters in all)');
    expect(page).toContain('<td class="count">1,234</td><td class="bytes">4.8 MB</td>');
    expect(page).toContain('<span class="critical">Critical</span>');
  });
});

describe('a long report as a page', () => {
  const long = (size: number) =>
    tenantReport(adatumId, {
      displayName: '\u200B'.repeat(65_536),
      sections: [
        {
          ...{ name: 'all', title: 'All', paragraphs: [], charts: [] },
          tables: [
            { ...other, rows: Array.from({ length: size }, () => ['a\u200B'.repeat(500)]), omitted: 0 },
          ],
        },
      ],
    });

  it('names a run of characters that cannot be seen once, however long it is', async () => {
    const page = await textOf(renderHtml(rendered([long(0)])));
    expect(page).toContain('<h2><bdi><span class="mark">U+200B and 65535 more</span></bdi></h2>');
    expect(page.length).toBeLessThan(10_000);
  });

  it('is sent in pieces whose size does not depend on how long it is', async () => {
    const sizes: number[] = [];
    for await (const chunk of renderHtml(rendered([long(2000)]))) sizes.push(chunk.length);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeGreaterThan(20_000_000);
    expect(Math.max(...sizes)).toBeLessThan(100_000);
    // Nor are they so small that sending them costs more than making them.
    expect(sizes.length).toBeLessThan(2500);
  });
});

describe('a table of a report as CSV', () => {
  const rowsOf = async (table: TableHead): Promise<readonly (readonly string[])[]> =>
    parse(await textOf(renderCsv(both, table)));

  it('has a row for each row of each tenant, and says what is not listed', async () => {
    const [head, ...rows] = await rowsOf(main);
    expect(head?.join()).toBe('tenantId,tenantDisplayName,isPartial,person,count,bytes,at,grade');
    expect(rows).toHaveLength(hostile.length + 1 + 1);
    expect(rows[hostile.length]?.[3]).toBe('7 more rows are counted, and not listed.');
    expect(rows.at(-1)).toEqual([fabrikamId, 'Contoso', 'false', 'Bob', '3', '', '', '']);
    expect(rows[0]?.slice(2, 3)).toEqual(['true']);
    const rowsOfOther = await rowsOf(other);
    expect(rowsOfOther).toHaveLength(3);
    expect(rowsOfOther[2]?.slice(3)).toEqual(['The report does not have this table.']);
  });

  it('names characters that cannot be seen', async () => {
    const cells = (await rowsOf(main)).map((row) => row[3]);
    for (const text of ['invoice<U+202E>fdp.exe', 'a<U+00AD>b', 'a<U+3164>b', 'a<U+E0041>b', 'a<U+206A>b'])
      expect(cells).toContain(text);
  });

  it('has no formula, wherever a spreadsheet splits its lines', async () => {
    const text = await textOf(renderCsv(both, main));
    for (const cell of text.split(/[,;\t\r\n]/)) expect(cell).not.toMatch(/^"?\s*[=+@]/);
  });
});

describe('a report as a workbook', () => {
  const sheetsOf = async (report: RenderedReport, maxRows?: number) => {
    const parts = Object.entries(unzipSync(await buffer(renderXlsx(report, maxRows))));
    return new Map(parts.map(([name, bytes]) => [name, Buffer.from(bytes).toString('utf8')]));
  };
  const rowsIn = (sheet = '') => sheet.split('<row>').length - 1;

  it('has a sheet about itself, one about its tenants, and one for each table', async () => {
    const parts = await sheetsOf(both);
    const names = [...(parts.get('xl/workbook.xml') ?? '').matchAll(/<sheet name="(\w+)"/g)];
    expect(names.map(([, name]) => name)).toEqual(['Report', 'Tenants', 'people', 'places']);
    expect([1, 2, 3, 4].map((at) => rowsIn(parts.get(`xl/worksheets/sheet${at}.xml`)))).toEqual([
      ...[7, 3],
      ...[1 + hostile.length + 1 + 1, 3],
    ]);
    expect(parts.get('xl/worksheets/sheet1.xml')).toContain('key-1');
    expect(parts.get('xl/worksheets/sheet3.xml')).toContain('7 more rows are counted, and not listed.');
  });

  it('has no formula, no markup, and no character that XML cannot have', async () => {
    for (const part of (await sheetsOf(both)).values()) {
      expect(part).not.toMatch(/<f>|<script|onload=alert\(1\)>/);
      expect(part).not.toMatch(/(?![\t\n])\p{Cc}|[\uFFFE\uFFFF]/u);
    }
  });

  it('names characters that cannot be seen', async () => {
    const sheet = (await sheetsOf(both)).get('xl/worksheets/sheet3.xml') ?? '';
    for (const text of [
      'invoice&lt;U+202E&gt;fdp.exe',
      'a&lt;U+00AD&gt;b',
      'a&lt;U+3164&gt;b',
      'a&lt;U+E0041&gt;b',
    ])
      expect(sheet).toContain(`>${text}<`);
  });

  describe('on many tenants', () => {
    const many = Array.from({ length: 40 }, (_, at) => ({
      ...spoiled,
      tenantId: `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`,
    }));
    const counted = (keptBytes?: number) => {
      let reads = 0;
      const report: RenderedReport = {
        ...rendered([]),
        async *tenants() {
          for (const tenant of many) {
            reads += 1;
            yield await Promise.resolve(tenant);
          }
        },
      };
      const whole = buffer(renderXlsx(report, undefined, keptBytes));
      return whole.then((bytes) => ({ bytes, reads }));
    };

    it('reads each of them once', async () => {
      expect((await counted()).reads).toBe(many.length);
    });

    it('reads them again where their rows would need too much memory, and is the same', async () => {
      const [whole, none] = [await counted(), await counted(0)];
      expect(none.reads).toBe(3 * many.length);
      expect(none.bytes.equals(whole.bytes)).toBe(true);
      const some = await counted(1000);
      expect(some.reads).toBeGreaterThan(many.length);
      expect(some.reads).toBeLessThan(3 * many.length);
      expect(some.bytes.equals(whole.bytes)).toBe(true);
    });
  });

  it('says how many rows did not fit into a sheet', async () => {
    const parts = await sheetsOf(both, 5);
    const sheet = parts.get('xl/worksheets/sheet3.xml') ?? '';
    expect(rowsIn(sheet)).toBe(5);
    expect(sheet).toContain(`The sheet is full. ${hostile.length + 2 - 3} more rows are counted`);
    expect(sheet).toContain('ref="A1:G5"');
  });
});

describe('a chart', () => {
  const chart = (kind: 'bars' | 'stackedBars' | 'lines', ...series: readonly (readonly number[])[]) =>
    svgChart({
      ...{ name: 'c', title: 'C', kind },
      x: { title: 'Day', values: ['a', 'b'] },
      series: series.map((values, at) => ({ name: `s${at}`, title: `S${at}`, values })),
    });
  const heights = (svg: string) =>
    [...svg.matchAll(/ height="([\d.]+)"/g)].map(([, height]) => Number(height));

  it('draws bars in proportion to their numbers, and stacks of them below their sum', () => {
    const [one = 0, two = 0] = heights(chart('bars', [10, 5]));
    expect(one).toBeCloseTo(2 * two, 0);
    const stacked = heights(chart('stackedBars', [10, 0], [10, 5]));
    expect(stacked.reduce((sum, height) => sum + height, 0)).toBeGreaterThan(stacked[0] ?? 0);
    expect(Math.max(...stacked)).toBeLessThanOrEqual(204 / 2 + 1);
  });

  it('never leaves its box, without numbers and with huge ones', () => {
    for (const svg of [chart('lines'), chart('lines', [0, 0], [1e15, 3]), chart('bars', [], [7e6])]) {
      expect(svg).not.toMatch(/NaN|Infinity|"-/);
    }
  });
});
