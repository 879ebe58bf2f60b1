/** The investigation as one document, which needs nothing else: no script, no address that is called, and a hash of each record. */
import { render } from 'preact';
import { utcOf } from '../parts/moments.ts';
import { Text } from '../parts/text.tsx';
import type { ReadPin } from './read-pins.ts';

export interface CaseContent {
  readonly title: string;
  readonly notes: string;
  /** In words. */
  readonly searches: readonly string[];
  readonly records: readonly ReadPin[];
  readonly tenantName: (tenantId: string) => string;
  readonly madeBy: string;
  readonly madeAt: Date;
  /** Of the app that answered. */
  readonly origin: string;
}

/** @returns HTML of a whole page, which allows itself its own style and nothing else */
export async function caseDocument(content: CaseContent): Promise<string> {
  const [title, body] = [document.createElement('title'), document.createElement('body')];
  title.textContent = `${content.title} - Auditkeep`;
  render(<CaseBody {...content} />, body);
  const hash = base64(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(style)));
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${hash}'">`,
    '<meta name="viewport" content="width=device-width">',
    `${title.outerHTML}<style>${style}</style></head>`,
    `${body.outerHTML}</html>`,
    '',
  ].join('\n');
}

function base64(bytes: ArrayBuffer): string {
  return btoa(Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join(''));
}

/** For screens and for paper. */
const style = `
:root { color-scheme: light; font: 14px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h3 { margin-bottom: 0.25rem; }
section { break-inside: avoid-page; border-top: 1px solid #d1d1d1; padding-top: 0.5rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.25rem 1rem; }
dd { margin: 0; overflow-wrap: anywhere; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; padding: 0.5rem; border: 1px solid #d1d1d1; font-size: 12px; }
.notes { white-space: pre-wrap; overflow-wrap: anywhere; border-left: 3px solid #0f6cbd; padding-left: 0.75rem; }
.code-point { border: 1px solid #8a8a8a; font-size: 0.8em; }
`;

function CaseBody({ title, notes, searches, records, madeBy, madeAt, origin, tenantName }: CaseContent) {
  return (
    <main>
      <h1>
        <Text most={Infinity}>{title}</Text>
      </h1>
      <p>
        Made by <Text most={Infinity}>{madeBy}</Text> at {utcOf(madeAt)} UTC, from {origin}.
      </p>
      {notes !== '' && (
        <p class="notes">
          <Text most={Infinity}>{notes}</Text>
        </p>
      )}
      {searches.length > 0 && (
        <>
          <h2>Searches</h2>
          <ul>
            {searches.map((words) => (
              <li key={words}>
                <Text most={Infinity}>{words}</Text>
              </li>
            ))}
          </ul>
        </>
      )}
      <h2>Records</h2>
      <p>
        Each is what Microsoft delivered: as text, in which characters that cannot be seen are named, and byte
        for byte in base64. SHA-256 is the hash of those bytes, which are also at the address of the record
        below {origin}, for those who may read it.
      </p>
      {records.map((record, at) => (
        <RecordPart
          key={record.recordId}
          number={at + 1}
          record={record}
          tenant={tenantName(record.tenantId)}
        />
      ))}
    </main>
  );
}

interface RecordPartProps {
  readonly number: number;
  readonly record: ReadPin;
  readonly tenant: string;
}

function RecordPart({ number, record, tenant }: RecordPartProps) {
  const { tenantId, recordId, createdDateTime, sentence, changes, note, text, bytes, sha256 } = record;
  return (
    <section>
      <h3>
        {number}. <Text most={Infinity}>{sentence}</Text>
      </h3>
      {note !== '' && (
        <p class="notes">
          <Text most={Infinity}>{note}</Text>
        </p>
      )}
      {changes.map((change) => (
        <ChangeLine key={change.what} {...change} />
      ))}
      <dl>
        <dt>Time</dt>
        <dd>{createdDateTime}</dd>
        <dt>Tenant</dt>
        <dd>
          <Text most={Infinity}>{tenant}</Text> ({tenantId})
        </dd>
        <dt>Address</dt>
        <dd>
          /api/tenants/{tenantId}/records/<Text most={Infinity}>{recordId}</Text>/auditData
        </dd>
        <dt>SHA-256</dt>
        <dd>
          <code>{sha256}</code>
        </dd>
      </dl>
      <pre>
        <Text most={Infinity}>{text}</Text>
      </pre>
      <details>
        <summary>Bytes in base64</summary>
        <pre class="bytes">{base64(bytes)}</pre>
      </details>
    </section>
  );
}

function ChangeLine({ what, from = 'not known', to = 'nothing' }: ReadPin['changes'][number]) {
  return (
    <p>
      <Text most={Infinity}>{what}</Text>: <Text most={Infinity}>{from}</Text> →{' '}
      <Text most={Infinity}>{to}</Text>
    </p>
  );
}
