import { useMemo, useState } from 'preact/hooks';
import { DataTable, type Column } from '../parts/data-table.tsx';
import { Partial } from '../parts/states.tsx';
import { countText } from './numbers.ts';
import { omittedText } from './omitted-text.ts';
import { RecordOfCell, RowCell, type ReportColumn, type ReportTableContent } from './report-cell.tsx';
import { RowDialog } from './row-dialog.tsx';
import type { ReportScope } from './search-links.ts';
import { shownColumns, type ShownColumn } from './shown-columns.ts';

interface ReportTableProps {
  readonly table: ReportTableContent;
  readonly scope: ReportScope;
}

/** Rows that a page takes as they are: their texts wrap. Of more rows, only those in sight exist. */
const mostWhole = 100;

export function ReportTable({ table, scope }: ReportTableProps) {
  const { title, rows, omitted } = table;
  return (
    <div class="stack">
      {rows.length === 0 ? (
        <p>
          <strong>{title}:</strong> {omitted === 0 ? 'none' : 'none are listed'}.
        </p>
      ) : rows.length <= mostWhole ? (
        <WholeTable {...{ table, scope }} />
      ) : (
        <LongTable {...{ table, scope }} />
      )}
      {omitted > 0 && (
        <Partial>
          <p>{omittedText(omitted)}</p>
        </Partial>
      )}
    </div>
  );
}

function WholeTable({ table: { title, columns, rows }, scope }: ReportTableProps) {
  const shown = shownColumns(columns);
  return (
    <div class="scroll-x" role="region" aria-label={title} tabIndex={0}>
      <table class="plain-table report-table">
        <caption>{title}</caption>
        <thead>
          <tr>
            {shown.map(({ column: { name, title: text, kind } }) => (
              <th key={name} scope="col" class={kind}>
                {text}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              {shown.map((one) => (
                <td key={one.column.name} class={one.column.kind}>
                  <RowCell cells={row} shown={one} scope={scope} />{' '}
                  <RecordOfCell cells={row} shown={one} scope={scope} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Fixed: the header and all rows, which do not know of each other, are as wide. */
const widths: Readonly<Record<ReportColumn['kind'], string>> = {
  text: '11rem',
  sentence: '24rem',
  count: '6rem',
  bytes: '7rem',
  moment: '16rem',
  day: '7rem',
  person: '15rem',
  record: '9rem',
  severity: '7rem',
};

interface Numbered {
  readonly number: number;
  readonly cells: ReportTableContent['rows'][number];
}

/** Rows of one height: what does not fit in a row is in the dialog that its number opens. */
function LongTable({ table: { title, columns, rows }, scope }: ReportTableProps) {
  const [open, setOpen] = useState<Numbered>();
  const numbered = useMemo(() => rows.map((cells, at) => ({ number: at + 1, cells })), [rows]);
  const shown: readonly Column<Numbered>[] = [
    {
      id: '#',
      title: 'Row',
      width: '3.5rem',
      render: (row, { tabIndex }) => (
        <button
          class="link"
          type="button"
          tabIndex={tabIndex}
          aria-label={`All of row ${row.number}`}
          onClick={() => {
            setOpen(row);
          }}
        >
          {row.number}
        </button>
      ),
    },
    ...shownColumns(columns).map((one) => columnOf(one, scope)),
  ];
  return (
    <>
      <h3>{title}</h3>
      <p class="fine">{countText(rows.length)} rows. The number of a row opens all of it.</p>
      <DataTable
        label={title}
        columns={shown}
        rows={numbered}
        keyOf={({ number }) => String(number)}
        rowHeight={72}
      />
      {open !== undefined && (
        <RowDialog
          title={`Row ${open.number}`}
          {...{ columns, scope }}
          cells={open.cells}
          onClose={() => {
            setOpen(undefined);
          }}
        />
      )}
    </>
  );
}

/** On narrow screens, a row is how bad it is, and what was done, which names who did it; the dialog has the rest. */
const narrow: ReadonlySet<ReportColumn['kind']> = new Set(['severity', 'sentence']);

function columnOf(shown: ShownColumn<ReportColumn>, scope: ReportScope): Column<Numbered> {
  const { column } = shown;
  return {
    id: column.name,
    title: column.title,
    width: widths[column.kind],
    isExtra: !narrow.has(column.kind),
    render: ({ cells }, { tabIndex }) => (
      <span class="report-lines">
        <span class={`report-cell ${column.kind}`}>
          <RowCell {...{ cells, shown, scope, tabIndex }} />
        </span>
        <RecordOfCell {...{ cells, shown, scope, tabIndex }} />
      </span>
    ),
  };
}
