import { useState } from 'preact/hooks';
import { Button } from '../parts/button.tsx';
import { Copy } from '../parts/copy.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Text } from '../parts/text.tsx';
import { useDelivered } from './queries.ts';
import { saveAs } from '../parts/download.ts';

interface DeliveredProps {
  readonly tenantId: string;
  readonly recordId: string;
}

/** The text that Microsoft delivered, byte for byte; loaded when it is opened. */
export function Delivered(record: DeliveredProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details
      onToggle={({ currentTarget }) => {
        setOpen(currentTarget.open);
      }}
    >
      <summary>Exactly as delivered</summary>
      {isOpen && <Bytes {...record} />}
    </details>
  );
}

const most = 20_000;

function Bytes({ tenantId, recordId }: DeliveredProps) {
  const delivered = useDelivered(tenantId, recordId);
  return (
    <Loaded query={delivered} what="text of the record">
      {(bytes) => {
        const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
        return (
          <div class="stack">
            <div class="actions">
              <Copy text={text} what="Record" />
              <Button
                onClick={() => {
                  saveAs(`${recordId}.json`, new Blob([bytes], { type: 'application/json' }));
                }}
              >
                Download
              </Button>
            </div>
            <pre class="delivered" tabIndex={0} aria-label="The record as delivered">
              <Text most={most}>{text}</Text>
            </pre>
          </div>
        );
      }}
    </Loaded>
  );
}
