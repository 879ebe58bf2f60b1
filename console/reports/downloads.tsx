import { useMutation } from '@tanstack/preact-query';
import { useState } from 'preact/hooks';
import { toApiError } from '../api/api-error.ts';
import { Button } from '../parts/button.tsx';
import { Choice } from '../parts/field.tsx';
import { Failure } from '../parts/states.tsx';
import { announce } from '../shell/announcer.tsx';
import { useKinds, type Form } from './queries.ts';
import { saveAs } from '../parts/download.ts';
import { useAction } from '../parts/use-action.ts';

const formats = [
  { format: 'html', text: 'Page' },
  { format: 'xlsx', text: 'Workbook' },
  { format: 'csv', text: 'CSV' },
  { format: 'json', text: 'JSON' },
] as const;

interface DownloadsProps {
  readonly kind: string;
  /** Of files, without what says their form. */
  readonly name: string;
  readonly contentAs: (form: Form) => Promise<Blob>;
}

/** A report in every form. Each is requested with the credential of the session, so that no address has it. */
export function Downloads({ kind, name, contentAs }: DownloadsProps) {
  const [table, setTable] = useState('');
  const [format, setFormat] = useState<(typeof formats)[number]['format']>('html');
  const save = useAction({
    run: async () => {
      const isTable = format === 'csv' && table !== '';
      saveAs(`${name}.${format}`, await contentAs({ format, ...(isTable ? { table } : {}) }));
    },
    onSuccess: () => {
      announce('The report was downloaded');
    },
  });
  const print = useMutation({ mutationFn: (opened: Window) => showIn(opened, contentAs) });
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
        {format === 'csv' && <TableChoice {...{ kind, table }} onChange={setTable} />}
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
async function showIn(opened: Window, contentAs: DownloadsProps['contentAs']): Promise<void> {
  try {
    const content = await contentAs({ format: 'html' });
    opened.opener = null;
    opened.location.href = URL.createObjectURL(new Blob([content], { type: 'text/html;charset=utf-8' }));
  } catch (thrown) {
    opened.close();
    throw thrown;
  }
}

interface TableChoiceProps {
  readonly kind: string;
  readonly table: string;
  readonly onChange: (table: string) => void;
}

function TableChoice({ kind, table, onChange }: TableChoiceProps) {
  const tables = useKinds().data?.find(({ name }) => name === kind)?.tables ?? [];
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
