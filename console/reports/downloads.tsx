import { useMutation } from '@tanstack/preact-query';
import { useState } from 'preact/hooks';
import { toApiError } from '../api/api-error.ts';
import { Button } from '../parts/button.tsx';
import { Choice } from '../parts/field.tsx';
import { Failure } from '../parts/states.tsx';
import { announce } from '../shell/announcer.tsx';
import { contentAs, useContent, type ReportView } from './queries.ts';
import { saveAs } from '../parts/download.ts';
import { useAction } from '../parts/use-action.ts';

const formats = [
  { format: 'html', text: 'Page' },
  { format: 'xlsx', text: 'Workbook' },
  { format: 'csv', text: 'CSV' },
  { format: 'json', text: 'JSON' },
] as const;

/** The report in every form. Each is requested with the credential of the session, so that no address has it. */
export function Downloads({ report }: { readonly report: ReportView }) {
  const [table, setTable] = useState('');
  const [format, setFormat] = useState<(typeof formats)[number]['format']>('html');
  const save = useAction({
    run: async () => {
      const isTable = format === 'csv' && table !== '';
      const content = await contentAs(report, { format, ...(isTable ? { table } : {}) });
      saveAs(`report-${report.kind}-${report.createdDateTime.slice(0, 10)}.${format}`, content);
    },
    onSuccess: () => {
      announce('The report was downloaded');
    },
  });
  const print = useMutation({ mutationFn: (opened: Window) => showIn(opened, report) });
  const error = save.error ?? print.error;
  return (
    <>
      {error !== null && <Failure error={toApiError(error)} what="The report could not be opened" />}
      <div class="report-forms">
        <Button
          kind="primary"
          isBusy={print.isPending}
          onClick={() => {
            // At once: browsers open no window for what happens later.
            const opened = window.open('', '_blank');
            if (opened !== null) print.mutate(opened);
            else announce('The browser did not allow a new tab');
          }}
        >
          Print / save as PDF
        </Button>
        <Choice
          label="Form"
          value={format}
          options={formats.map((each) => ({ value: each.format, text: each.text }))}
          onChange={setFormat}
        />
        {format === 'csv' && <TableChoice {...{ report, table }} onChange={setTable} />}
        <Button
          isBusy={save.isPending}
          onClick={() => {
            save.mutate();
          }}
        >
          Download
        </Button>
      </div>
      <p class="fine">
        To print or to save as PDF, a page opens in a new tab that loads nothing: print it with the browser.
      </p>
    </>
  );
}

/** The page is in the memory of the browser, and has no address that others could open. */
async function showIn(opened: Window, report: ReportView): Promise<void> {
  try {
    const content = await contentAs(report, { format: 'html' });
    opened.opener = null;
    opened.location.href = URL.createObjectURL(new Blob([content], { type: 'text/html;charset=utf-8' }));
  } catch (thrown) {
    opened.close();
    throw thrown;
  }
}

interface TableChoiceProps {
  readonly report: ReportView;
  readonly table: string;
  readonly onChange: (table: string) => void;
}

function TableChoice({ report: { tenantId, id }, table, onChange }: TableChoiceProps) {
  const content = useContent(tenantId, id);
  const tables = content.data?.tenants[0]?.sections.flatMap((section) => section.tables) ?? [];
  return (
    <Choice
      label="Table"
      value={table}
      options={[
        { value: '', text: 'The main one' },
        ...tables.map(({ name, title }) => ({ value: name, text: title })),
      ]}
      onChange={onChange}
    />
  );
}
