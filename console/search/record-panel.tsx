import { useEffect, useRef } from 'preact/hooks';
import { PinRecord } from '../investigation/add-buttons.tsx';
import { Button } from '../parts/button.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Delivered } from './delivered.tsx';
import { RecordMembers } from './record-members.tsx';
import { RecordSentence } from './record-sentence.tsx';
import { RecordValues } from './record-values.tsx';
import type { Around } from './pivots.ts';
import { useRecord } from './queries.ts';

interface RecordPanelProps {
  readonly tenantId: string;
  readonly recordId: string;
  /** Where the searches for its values start. */
  readonly around: Around;
  readonly onClose: () => void;
}

/** One record: what it means, every value with the search for it, and the bytes that were delivered. */
export function RecordPanel({ tenantId, recordId, around, onClose }: RecordPanelProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const record = useRecord(tenantId, recordId);
  useEffect(() => {
    heading.current?.focus();
  }, [tenantId, recordId]);
  return (
    <section class="card record-panel" aria-labelledby="record-title">
      <div class="section-head">
        <h2 id="record-title" ref={heading} tabIndex={-1}>
          Record
        </h2>
        <div class="actions">
          <PinRecord {...{ tenantId, recordId }} />
          <Button kind="subtle" label="Close the record" onClick={onClose}>
            Close
          </Button>
        </div>
      </div>
      <Loaded query={record} what="record">
        {(found) => (
          <div class="stack" key={recordId}>
            <RecordSentence record={found} {...{ around, tenantId }} />
            <RecordMembers record={found} {...{ around, tenantId }} />
            <RecordValues record={found} {...{ around, tenantId }} />
            <Delivered {...{ tenantId, recordId }} />
          </div>
        )}
      </Loaded>
    </section>
  );
}
