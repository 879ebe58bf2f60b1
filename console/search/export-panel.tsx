import { useEffect } from 'preact/hooks';
import { toApiError } from '../api/api-error.ts';
import { filtersText } from '../delivery/subscription-texts.ts';
import { Badge } from '../parts/badge.tsx';
import { Button } from '../parts/button.tsx';
import { Cancel } from '../parts/cancel.tsx';
import { saveAs } from '../parts/download.ts';
import { Loaded } from '../parts/loaded.tsx';
import { Message } from '../parts/message.tsx';
import { Moment } from '../parts/moment.tsx';
import { Progress } from '../parts/progress.tsx';
import { Section } from '../parts/section.tsx';
import { Failure } from '../parts/states.tsx';
import { Text } from '../parts/text.tsx';
import { bytesText } from '../reports/numbers.ts';
import { announce } from '../shell/announcer.tsx';
import { cancelExport, contentOf, exportsKey, isWriting, useExport, type ExportView } from './exports.ts';
import { statusOf } from './export-texts.ts';
import { useAction } from '../parts/use-action.ts';

interface ExportPanelProps {
  readonly exportId: string;
  readonly onClose: () => void;
}

/** One export: it is written whether this is shown or not. */
export function ExportPanel({ exportId, onClose }: ExportPanelProps) {
  const found = useExport(exportId);
  const close = (
    <Button kind="subtle" label="Close the export" onClick={onClose}>
      Close
    </Button>
  );
  return (
    <Section title="Export" side={close}>
      <Loaded query={found} what="export">
        {(one) => <Shown one={one} />}
      </Loaded>
    </Section>
  );
}

function Shown({ one }: { readonly one: ExportView }) {
  const { tone, text } = statusOf(one);
  const isRunning = isWriting(one.status);
  useEffect(() => {
    if (!isRunning) announce(`Export: ${text}`);
  }, [isRunning, text]);
  return (
    <>
      <p>
        <Badge tone={tone}>{text}</Badge>
        {one.status === 'Succeeded' && <span class="fine"> {bytesText(one.bytes ?? 0)}</span>}
      </p>
      {isRunning && <Running one={one} />}
      {one.status === 'Failed' && (
        <Message tone="bad" title="The file could not be written">
          <p>{one.errorMessage ?? 'Start another one.'}</p>
        </Message>
      )}
      {one.status === 'Succeeded' && <Finished one={one} />}
      <p class="fine">
        <Text most={160}>{filtersText(one.filters)}</Text>
      </p>
    </>
  );
}

function Running({ one: { id, percentComplete, tenantCount } }: { readonly one: ExportView }) {
  return (
    <>
      {tenantCount > 1 && (
        <Progress label={`Tenants that are written, of ${tenantCount}`} percent={percentComplete} />
      )}
      <p class="fine">You can leave this page: it continues, and this address shows it again.</p>
      <Cancel shownBy={exportsKey} cancel={() => cancelExport(id)} />
    </>
  );
}

const extensions: Readonly<Partial<Record<ExportView['format'], string>>> = {
  ndjson: 'ndjson',
  xlsx: 'xlsx',
};

function Finished({ one }: { readonly one: ExportView }) {
  const { id, format, createdDateTime, expiresDateTime, layout } = one;
  const save = useAction({
    run: async () => {
      saveAs(`records-${createdDateTime.slice(0, 10)}.${extensions[format] ?? 'csv'}`, await contentOf(id));
    },
    onSuccess: () => {
      announce('The file was downloaded');
    },
  });
  if (layout !== 'oneFile') return <p>It has a file for each tenant, which the API returns.</p>;
  return (
    <>
      {save.error !== null && (
        <Failure error={toApiError(save.error)} what="The file could not be downloaded" />
      )}
      <div class="actions">
        <Button
          kind="primary"
          isBusy={save.isPending}
          onClick={() => {
            save.mutate();
          }}
        >
          {save.isPending ? 'Downloading…' : 'Download'}
        </Button>
      </div>
      <p class="fine">
        Kept until <Moment at={expiresDateTime} />.
      </p>
    </>
  );
}
