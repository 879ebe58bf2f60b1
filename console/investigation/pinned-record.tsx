import { Button } from '../parts/button.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Moment } from '../parts/moment.tsx';
import { Text } from '../parts/text.tsx';
import { Delivered } from '../search/delivered.tsx';
import type { Around } from '../search/pivots.ts';
import { nameIn, useRecord, useTenantChoices } from '../search/queries.ts';
import { RecordSentence } from '../search/record-sentence.tsx';
import { limits, type Pin } from './investigation.ts';
import { TextArea } from '../parts/text-area.tsx';

interface PinnedRecordProps {
  readonly pin: Pin;
  readonly onNote: (note: string) => void;
  readonly onUnpin: () => void;
}

/** The record itself is in it, whenever it was. */
export const wholeTime: Around = { tenants: ['*'], range: 'custom', from: '', to: '' };

/** A record that matters here: what it means, what its finder says about it, and its text. */
export function PinnedRecord({ pin, onNote, onUnpin }: PinnedRecordProps) {
  const { tenantId, recordId, note } = pin;
  const record = useRecord(tenantId, recordId);
  const tenants = useTenantChoices(true).data;
  return (
    <li class="card section stack">
      <Loaded query={record} what="record">
        {(found) => (
          <>
            <p class="fine">
              <Moment at={found.createdDateTime ?? ''} /> · <Text>{nameIn(tenants, tenantId)}</Text>
            </p>
            <RecordSentence record={found} {...{ around: wholeTime, tenantId }} />
            <Delivered {...{ tenantId, recordId }} />
          </>
        )}
      </Loaded>
      <TextArea label="Note" value={note} most={limits.note} rows={2} onInput={onNote} />
      <div class="actions">
        <Button kind="subtle" label={`Unpin record ${recordId}`} onClick={onUnpin}>
          Unpin
        </Button>
      </div>
    </li>
  );
}
