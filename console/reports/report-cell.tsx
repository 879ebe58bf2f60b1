import type { ComponentChildren } from 'preact';
import { Badge } from '../parts/badge.tsx';
import { Moment } from '../parts/moment.tsx';
import { Text } from '../parts/text.tsx';
import type { Tone } from '../parts/tone.ts';
import { bytesText, countText } from './numbers.ts';
import type { ReportContent } from './queries.ts';
import { personLink, recordLink, type ReportScope } from './search-links.ts';

export type ReportTableContent = ReportContent['tenants'][number]['sections'][number]['tables'][number];
export type ReportColumn = ReportTableContent['columns'][number];
type Cell = ReportTableContent['rows'][number][number];

interface ReportCellProps {
  readonly cell: Cell | undefined;
  readonly column: ReportColumn;
  readonly scope: ReportScope;
  /** Of its link. */
  readonly tabIndex?: 0 | -1;
}

/** A cell as its column says; nothing where it is unknown or does not apply. */
export function ReportCell({ cell, column: { kind }, scope, tabIndex = 0 }: ReportCellProps) {
  if (cell === null || cell === undefined || cell === '') return undefined;
  if (typeof cell === 'number') return <>{kind === 'bytes' ? bytesText(cell) : countText(cell)}</>;
  if (kind === 'severity') return <SeverityBadge severity={cell} />;
  if (kind === 'moment' && isMoment(cell)) return <Moment at={cell} />;
  if (kind === 'record')
    return (
      <a href={recordLink(scope, cell)} {...{ tabIndex }} title={cell} aria-label={`Open the record ${cell}`}>
        Open the record
      </a>
    );
  if (kind === 'person') return <PersonLink {...{ scope, tabIndex }}>{cell}</PersonLink>;
  return <Text>{cell}</Text>;
}

interface PersonLinkProps {
  readonly scope: ReportScope;
  readonly tabIndex: 0 | -1;
  readonly children: string;
}

function PersonLink({ scope, tabIndex, children }: PersonLinkProps): ComponentChildren {
  return (
    <a href={personLink(scope, children)} {...{ tabIndex }} title="Search for what this person did">
      <Text most={1000}>{children}</Text>
    </a>
  );
}

function isMoment(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text) && !Number.isNaN(Date.parse(text));
}

const severities: ReadonlyMap<string, { readonly tone: Tone; readonly text: string }> = new Map([
  ['critical', { tone: 'bad', text: 'Critical' }],
  ['warning', { tone: 'warning', text: 'Warning' }],
  ['notice', { tone: 'neutral', text: 'Notice' }],
  ['ok', { tone: 'good', text: 'OK' }],
]);

function SeverityBadge({ severity }: { readonly severity: string }) {
  const known = severities.get(severity);
  return known === undefined ? <Text>{severity}</Text> : <Badge tone={known.tone}>{known.text}</Badge>;
}
