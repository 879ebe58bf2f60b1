import { useEffect, useId, useRef } from 'preact/hooks';
import { Button } from '../parts/button.tsx';
import { ReportCell, type ReportColumn, type ReportTableContent } from './report-cell.tsx';
import type { ReportScope } from './search-links.ts';

interface RowDialogProps {
  readonly title: string;
  readonly columns: readonly ReportColumn[];
  readonly cells: ReportTableContent['rows'][number];
  readonly scope: ReportScope;
  readonly onClose: () => void;
}

/** All of a row, whatever its length. The browser keeps the focus in it, and returns it. */
export function RowDialog({ title, columns, cells, scope, onClose }: RowDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby={id} onCancel={onClose}>
      <h2 id={id}>{title}</h2>
      <dl class="dialog-body report-row">
        {columns.map((column, at) => (
          <div key={column.name}>
            <dt>{column.title}</dt>
            <dd>{cells[at] === null ? 'None' : <ReportCell cell={cells[at]} {...{ column, scope }} />}</dd>
          </div>
        ))}
      </dl>
      <div class="dialog-actions">
        <Button onClick={onClose}>Close</Button>
      </div>
    </dialog>
  );
}
