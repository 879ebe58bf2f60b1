/** Fictional documents for the demo companies' sites. */
import type { Prng } from './prng.ts';

export interface CompanyDocument {
  /** Path within the site, starting with the library, for example `Shared Documents/Projects`. */
  readonly folder: string;
  readonly name: string;
  readonly extension: string;
  readonly uniqueId: string;
  readonly sizeBytes: number;
}

/** Documents with distinct names; the third has an Arabic name, the fourth an emoji. */
export const inventDocuments = (prng: Prng, count: number, library: string): readonly CompanyDocument[] => {
  const names = new Set<string>();
  while (names.size < count - unusualNames.length) names.add(inventName(prng));
  const [first = '', second = '', ...rest] = names;
  return [first, second, ...unusualNames, ...rest].map((name) => ({
    folder: `${library}${prng.pick(folders)}`,
    name,
    extension: name.slice(name.lastIndexOf('.') + 1),
    uniqueId: prng.guid(),
    sizeBytes: prng.int(8_000, 9_000_000),
  }));
};

/** A right-to-left name (sales report) and one with a character outside the Basic Multilingual Plane. */
export const unusualNames = ['تقرير المبيعات 2026.xlsx', 'Team day 🚀 ideas.docx'] as const;

const inventName = (prng: Prng): string => {
  const subject = `${prng.pick(subjects)} ${prng.pick(kinds)}`;
  const year = prng.int(2023, 2026);
  const edition = prng.pick([
    `Q${prng.int(1, 4)} ${year}`,
    `v${prng.int(1, 9)}`,
    `${year}`,
    'final',
    'draft',
  ]);
  return `${subject} ${edition}.${prng.pick(extensions)}`;
};

const folders = ['', '/Projects', '/Archive/2025'];
const extensions = ['xlsx', 'docx', 'pdf', 'pptx', 'docx', 'xlsx', 'csv', 'msg', 'png', 'dwg'];
const kinds = [
  'plan',
  'report',
  'contract',
  'offer',
  'overview',
  'minutes',
  'checklist',
  'forecast',
  'drawing',
];
const subjects = [
  'Budget',
  'Supplier',
  'Quality',
  'Customer',
  'Maintenance',
  'Müller order',
  'Safety',
  'Travel',
  'Staffing',
  'Warehouse',
  'Price list',
  'Board',
];
