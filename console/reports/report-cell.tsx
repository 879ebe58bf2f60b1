import type { ComponentChildren } from 'preact';
import { Badge } from '../parts/badge.tsx';
import { Moment } from '../parts/moment.tsx';
import { Text } from '../parts/text.tsx';
import type { Tone } from '../parts/tone.ts';
import { bytesText, countText } from './numbers.ts';
import type { ReportContent } from './queries.ts';
import { personLink, recordLink, type ReportScope } from './search-links.ts';
import type { ShownColumn } from './shown-columns.ts';

export type ReportTableContent = ReportContent['tenants'][number]['sections'][number]['tables'][number];
export type ReportColumn = ReportTableContent['columns'][number];
type Cell = ReportTableContent['rows'][number][number];

interface ReportCellProps {
  readonly cell: Cell | undefined;
  readonly column: ReportColumn;
  readonly scope: ReportScope;
  readonly tabIndex: 0 | -1;
}

/** A cell as its column says; nothing where it is unknown or does not apply. */
function ReportCell({ cell, column: { kind, title }, scope, tabIndex }: ReportCellProps) {
  if (cell === null || cell === undefined || cell === '') return undefined;
  if (typeof cell === 'number') return <>{kind === 'bytes' ? bytesText(cell) : countText(cell)}</>;
  if (kind === 'severity') return <SeverityBadge severity={cell} />;
  if (kind === 'moment' && isMoment(cell)) return <Moment at={cell} />;
  if (kind === 'record') return <RecordLink {...{ scope, tabIndex, title }}>{cell}</RecordLink>;
  if (kind === 'person') return <PersonLink {...{ scope, tabIndex }}>{cell}</PersonLink>;
  return <Text>{cell}</Text>;
}

interface RecordOfRowProps {
  readonly cells: ReportTableContent['rows'][number];
  readonly shown: ShownColumn<ReportColumn>;
  readonly scope: ReportScope;
  /** Of its link. */
  readonly tabIndex?: 0 | -1;
}

/** The cell of a row. */
export function RowCell({ cells, shown: { column, at }, scope, tabIndex = 0 }: RecordOfRowProps) {
  return <ReportCell cell={cells[at]} {...{ column, scope, tabIndex }} />;
}

/** The link to the record that a cell is about; nothing where it is about none. */
export function RecordOfCell({ cells, shown: { record }, scope, tabIndex = 0 }: RecordOfRowProps) {
  const id = record === undefined ? undefined : cells[record.at];
  if (record === undefined || typeof id !== 'string' || id === '') return undefined;
  return (
    <RecordLink {...{ scope, tabIndex }} title={record.column.title}>
      {id}
    </RecordLink>
  );
}

interface LinkProps {
  readonly scope: ReportScope;
  readonly tabIndex: 0 | -1;
  readonly children: string;
}

/** @param title of its column: "Record", "First record" */
function RecordLink({ scope, tabIndex, title, children: id }: LinkProps & { readonly title: string }) {
  const text = `Open the ${title.toLowerCase()}`;
  return (
    <a
      class="record-link"
      href={recordLink(scope, id)}
      {...{ tabIndex }}
      title={id}
      aria-label={`${text} ${id}`}
    >
      <Text>{text}</Text>
    </a>
  );
}

function PersonLink({ scope, tabIndex, children }: LinkProps): ComponentChildren {
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
