import { DataTable, type Column } from '../parts/data-table.tsx';
import { localOf, utcOf } from '../parts/moments.ts';
import { Text } from '../parts/text.tsx';
import { bounded } from '../parts/bounded.ts';
import { columnTitles, type ColumnId } from './column-ids.ts';
import type { FoundRecord } from './pivots.ts';
import { nameIn, useVocabulary, type Choice } from './queries.ts';

interface RecordsTableProps {
  readonly rows: readonly FoundRecord[];
  readonly shown: readonly ColumnId[];
  /** All rows are loaded. */
  readonly isAll: boolean;
  readonly openRecord: string;
  readonly hrefOf: (record: string) => string;
  readonly onOpen: (record: string) => void;
  readonly onEnd: () => void;
}

/** How a record is named in the address. */
export function recordKey({ tenantId, id = '' }: FoundRecord): string {
  return `${tenantId}/${id}`;
}

/** Of any length; Enter or a click opens a record. */
export function RecordsTable({ rows, shown, isAll, openRecord, hrefOf, onOpen, onEnd }: RecordsTableProps) {
  const operations = useVocabulary('operations', true).data;
  const columns = columnsOf(operations, hrefOf).filter(({ id }) => shown.some((one) => one === id));
  return (
    <DataTable
      label="Records"
      columns={columns}
      rows={rows}
      keyOf={recordKey}
      rowHeight={52}
      total={isAll ? rows.length : -1}
      isSelected={(row) => recordKey(row) === openRecord}
      onOpen={(row) => {
        onOpen(recordKey(row));
      }}
      onEnd={onEnd}
    />
  );
}

const longest = 160;

/** A value of a record in a cell: the whole of it is in the record. */
function Value({ children = '' }: { readonly children?: string | undefined }) {
  return children === '' ? undefined : <Text most={longest + 1}>{bounded(children, longest)}</Text>;
}

type RecordColumn = Column<FoundRecord> & { readonly id: ColumnId };

function plain(id: ColumnId, valueOf: (row: FoundRecord) => string | undefined): RecordColumn {
  return {
    id,
    title: columnTitles[id],
    width: 'minmax(7rem, 1fr)',
    isExtra: true,
    render: (row) => <Value>{valueOf(row)}</Value>,
  };
}

function columnsOf(
  operations: readonly Choice[] | undefined,
  hrefOf: (record: string) => string,
): readonly RecordColumn[] {
  return [
    {
      id: 'time',
      title: columnTitles.time,
      width: '14rem',
      render: (row, { tabIndex }) => <TimeCell {...{ row, tabIndex, hrefOf }} />,
    },
    {
      id: 'person',
      title: columnTitles.person,
      width: 'minmax(9rem, 1.2fr)',
      render: ({ userId }) => <Value>{userId}</Value>,
    },
    {
      id: 'activity',
      title: columnTitles.activity,
      width: 'minmax(9rem, 1fr)',
      render: ({ operation = '' }) => <Value>{nameIn(operations, operation)}</Value>,
    },
    { ...plain('object', ({ objectId }) => objectId), width: 'minmax(10rem, 2fr)' },
    plain('tenant', ({ tenantDisplayName }) => tenantDisplayName),
    plain('address', ({ clientIp }) => clientIp),
    plain('service', ({ service }) => service),
    plain('result', ({ resultStatus }) => resultStatus),
    plain('type', ({ auditLogRecordType }) => auditLogRecordType),
    plain('site', ({ siteUrl }) => siteUrl),
    plain('mailbox', ({ mailboxOwner }) => mailboxOwner),
  ];
}

interface TimeCellProps {
  readonly row: FoundRecord;
  readonly tabIndex: 0 | -1;
  readonly hrefOf: (record: string) => string;
}

function TimeCell({ row, tabIndex, hrefOf }: TimeCellProps) {
  const moment = new Date(row.createdDateTime ?? '');
  const local = localOf(moment);
  return (
    <span class="two-lines">
      <a href={hrefOf(recordKey(row))} tabIndex={tabIndex}>
        {utcOf(moment)} UTC
      </a>
      {local !== undefined && <span class="fine">{local}</span>}
    </span>
  );
}
