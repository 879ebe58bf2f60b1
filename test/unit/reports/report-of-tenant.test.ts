/** What the frame does to the sections of a kind: it bounds them, and changes nothing that fits. */
import { expect, it } from 'vitest';
import { maxTextCharacters, type Section } from '../../../shared/reports/document.ts';
import { reportOfTenant } from '../../../shared/reports/report-of-tenant.ts';
import { inventedReport } from '../../support/reports.ts';

const limits = { rows: 10 };

function sectionWith(texts: readonly string[]): Section {
  const series = [{ name: 'records', title: 'Records', values: texts.map(() => 1) }];
  const chart = {
    name: 'busy',
    title: 'Busy',
    kind: 'bars',
    x: { title: 'Day', values: texts },
    series,
  } as const;
  return { name: 'all', title: 'All', paragraphs: texts, tables: [], charts: [chart] };
}

it('paragraphs and labels of charts are whole, wherever they are, unless they are too long', () => {
  const long = 'a'.repeat(maxTextCharacters + 1);
  const texts = [
    'The first one.',
    'A second paragraph, which is longer than the first one.',
    '2026-03-05',
    long,
  ];
  const { sections } = reportOfTenant(inventedReport(), {
    sections: [sectionWith(texts)],
    tables: [],
    limits,
  });
  const [section] = sections;
  for (const shown of [section?.paragraphs, section?.charts[0]?.x.values]) {
    expect(shown?.slice(0, 3)).toEqual(texts.slice(0, 3));
    expect(shown?.[3]).toMatch(/^a+ … \(cut; 1001 characters in all\)$/);
  }
});
