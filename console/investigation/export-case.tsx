import { useState } from 'preact/hooks';
import { toApiError } from '../api/api-error.ts';
import { Button } from '../parts/button.tsx';
import { saveAs } from '../parts/download.ts';
import { Message } from '../parts/message.tsx';
import { Failure } from '../parts/states.tsx';
import { nameIn, useTenantChoices } from '../search/queries.ts';
import { searchSchema } from '../search/search-state.ts';
import { session } from '../session/current.ts';
import { readState } from '../url/codecs.ts';
import type { Investigation } from './investigation.ts';
import { datedWords } from './search-words.ts';
import { useAction } from '../parts/use-action.ts';

/** One file with everything that the investigation has, and the hash that proves later that it is still the same. */
export function ExportCase({ investigation }: { readonly investigation: Investigation }) {
  const [count, setCount] = useState(0);
  const tenants = useTenantChoices(true).data;
  const exported = useAction({
    run: () => exportCase(investigation, (tenantId) => nameIn(tenants, tenantId), setCount),
  });
  const { isPending, error, data } = exported;
  return (
    <>
      <Button
        kind="primary"
        isBusy={isPending}
        onClick={() => {
          exported.mutate();
        }}
      >
        {isPending ? `Read ${count} of ${investigation.pins.length} records…` : 'Export as one document'}
      </Button>
      {error !== null && <Failure error={toApiError(error)} what="The investigation could not be exported" />}
      {data !== undefined && (
        <Message tone="good" title={`Saved as ${data.name}`}>
          <p>
            SHA-256 of the file: <code class="hash">{data.hash}</code>
          </p>
        </Message>
      )}
    </>
  );
}

async function exportCase(
  { title, notes, searches, pins }: Investigation,
  tenantName: (tenantId: string) => string,
  onRead: (count: number) => void,
) {
  onRead(0);
  // With the sentences, which only pages with records need.
  const [{ readPins, sha256 }, { caseDocument }] = await Promise.all([
    import('./read-pins.ts'),
    import('./case-document.tsx'),
  ]);
  const madeAt = new Date();
  const caller = session.current();
  const records = await readPins(pins, onRead);
  if (session.current() !== caller) throw new Error('The session changed while records were read.');
  const html = await caseDocument({
    title: title === '' ? 'Investigation' : title,
    notes,
    searches: searches.map((search) => datedWords(readState(searchSchema, search), madeAt)),
    records,
    tenantName,
    madeBy: caller?.label ?? '',
    madeAt,
    origin: location.origin,
  });
  const bytes = new TextEncoder().encode(html);
  const name = `investigation-${madeAt.toISOString().slice(0, 19).replaceAll(':', '-')}.html`;
  saveAs(name, new Blob([bytes], { type: 'text/html;charset=utf-8' }));
  return { name, hash: await sha256(bytes) };
}
