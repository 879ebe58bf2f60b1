import { useEffect, useId, useRef } from 'preact/hooks';
import { Button } from '../parts/button.tsx';
import { RecordOfCell, RowCell, type ReportColumn, type ReportTableContent } from './report-cell.tsx';
import type { ReportScope } from './search-links.ts';
import { shownColumns } from './shown-columns.ts';

interface RowDialogProps {
  readonly title: string;
  readonly columns: readonly ReportColumn[];
  readonly cells: ReportTableContent['rows'][number];
  readonly scope: ReportScope;
  readonly onClose: () => void;
}

/** All of a row, whatever its length, read from its title on. The browser keeps the focus in it, and returns it. */
export function RowDialog({ title, columns, cells, scope, onClose }: RowDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const id = useId();
  useEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    heading.current?.focus();
    return () => shown?.close();
  }, []);
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby={id} onCancel={onClose}>
      <h2 id={id} ref={heading} tabIndex={-1}>
        {title}
      </h2>
      <dl class="dialog-body report-row">
        {shownColumns(columns).map((shown) => (
          <div key={shown.column.name}>
            <dt>{shown.column.title}</dt>
            <dd>
              {cells[shown.at] === null ? 'None' : <RowCell {...{ cells, shown, scope }} />}{' '}
              <RecordOfCell {...{ cells, shown, scope }} />
            </dd>
          </div>
        ))}
      </dl>
      <div class="dialog-actions">
        <Button onClick={onClose}>Close</Button>
      </div>
    </dialog>
  );
}
