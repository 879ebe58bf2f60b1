/** Signed requests to a table service, and its answers without what differs from request to request. */
import { createHmac, randomUUID } from 'node:crypto';
import * as z from 'zod';

export interface Sent {
  readonly method: string;
  /** Below the account; `TABLE` is the table of the case. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Sends the ETag of the answer before. */
  readonly ifUnchanged?: boolean;
  /** Signs with a key that is not the account's, or not at all. */
  readonly signature?: 'wrong' | 'none';
}

export interface Answer {
  readonly status: number;
  readonly code?: string;
  /** Rows of a page, or one row, or the names of tables; without metadata, ETags, and timestamps. */
  readonly value?: unknown;
  /** Whether there is a continuation token. */
  readonly continues?: true;
  /** Of the commands of a transaction: status, and with what it was refused. */
  readonly commands?: readonly string[];
}

export interface Place {
  readonly connectionString: string;
  readonly table: string;
}

/** What an answer leaves for the request after it. */
interface Carried {
  readonly etag: string | undefined;
  /** Query parameters of the next page. */
  readonly next: string;
}

const nothing: Carried = { etag: undefined, next: '' };

/** Sends requests one after the other. @returns the last answer */
export async function exchange(place: Place, requests: readonly Sent[]): Promise<Answer> {
  let last: Answer = { status: 0 };
  let carried = nothing;
  for (const request of requests) {
    const response = await send(place, request, carried);
    const text = await response.text();
    const next = nextOf(response);
    carried = { etag: response.headers.get('etag') ?? carried.etag, next };
    last = { ...answerOf(response.status, text, place.table), ...(next === '' ? {} : { continues: true }) };
  }
  return last;
}

async function send({ connectionString, table }: Place, sent: Sent, carried: Carried): Promise<Response> {
  const setting = (name: string) => new RegExp(`${name}=([^;]+)`).exec(connectionString)?.[1] ?? '';
  const endpoint = setting('TableEndpoint');
  const path = sent.path.replaceAll('TABLE', table).replace('NEXT', carried.next);
  const url = new URL(`${endpoint}/${path}`);
  const date = new Date().toUTCString();
  const key = sent.signature === 'wrong' ? 'AAAA' : setting('AccountKey');
  const authorization = sign({ account: setting('AccountName'), key, date }, url);
  return await fetch(url, {
    method: sent.method,
    headers: {
      ...{
        accept: 'application/json;odata=minimalmetadata',
        'x-ms-version': '2019-02-02',
        'x-ms-date': date,
      },
      ...{ 'content-type': 'application/json', dataserviceversion: '3.0;', prefer: 'return-no-content' },
      ...(sent.signature === 'none' ? {} : { authorization }),
      ...(sent.ifUnchanged === true ? { 'if-match': carried.etag ?? '' } : {}),
      ...sent.headers,
    },
    ...(sent.body === undefined
      ? {}
      : { body: sent.body.replaceAll('ENDPOINT', endpoint).replaceAll('TABLE', table) }),
  });
}

interface Signing {
  readonly account: string;
  readonly key: string;
  readonly date: string;
}

function sign({ account, key, date }: Signing, { pathname, searchParams }: URL): string {
  const comp = searchParams.get('comp');
  const text = `${date}\n/${account}${pathname}${comp === null ? '' : `?comp=${comp}`}`;
  const signature = createHmac('sha256', Buffer.from(key, 'base64')).update(text).digest('base64');
  return `SharedKeyLite ${account}:${signature}`;
}

function nextOf({ headers }: Response): string {
  return ['NextPartitionKey', 'NextRowKey', 'NextTableName']
    .flatMap((name) => {
      const value = headers.get(`x-ms-continuation-${name}`);
      return value === null ? [] : [`&${name}=${encodeURIComponent(value)}`];
    })
    .join('');
}

const errorSchema = z.object({
  'odata.error': z.object({ code: z.string(), message: z.object({ value: z.string() }) }),
});

function answerOf(status: number, text: string, table: string): Answer {
  if (text.startsWith('--')) return { status, commands: commandsOf(text) };
  if (text === '') return { status };
  if (text.startsWith('<')) return { status, code: /<(?:m:)?[Cc]ode>(\w+)</.exec(text)?.[1] ?? '' };
  const json: unknown = JSON.parse(text);
  const refused = errorSchema.safeParse(json);
  if (refused.success) return { status, code: refused.data['odata.error'].code };
  return { status, value: tidy(json, table) };
}

function commandsOf(text: string): readonly string[] {
  return text
    .split(/(?=HTTP\/1\.1 \d)/)
    .slice(1)
    .map((part) => {
      const status = part.slice('HTTP/1.1 '.length, 'HTTP/1.1 '.length + 3);
      const body = /\{.*\}/.exec(part)?.[0];
      if (body === undefined) return status;
      const { code, message } = errorSchema.parse(JSON.parse(body))['odata.error'];
      return `${status} ${/^\d+(?=:)/.exec(message.value)?.[0] ?? '-'}:${code}`;
    });
}

const volatile: ReadonlySet<string> = new Set(['odata.metadata', 'odata.etag', 'Timestamp']);

function tidy(json: unknown, table: string): unknown {
  if (typeof json === 'string') return json.replaceAll(table, 'TABLE');
  if (Array.isArray(json)) return json.map((item) => tidy(item, table));
  if (typeof json !== 'object' || json === null) return json;
  const members = Object.entries<unknown>({ ...json }).filter(([name]) => !volatile.has(name));
  const kept = Object.fromEntries(members.map(([name, value]) => [name, tidy(value, table)]));
  return 'odata.metadata' in json && 'value' in kept ? kept['value'] : kept;
}

/** The body and headers of a transaction of these commands. */
export function transaction(commands: readonly Sent[]): Sent {
  const [batch, changes] = [`batch_${randomUUID()}`, `changeset_${randomUUID()}`];
  const parts = commands.map(({ method, path, headers = {}, body = '' }) =>
    [
      ...[`--${changes}`, 'content-type: application/http', 'content-transfer-encoding: binary', ''],
      `${method} ENDPOINT/${path} HTTP/1.1`,
      ...['accept: application/json;odata=minimalmetadata', 'content-type: application/json'],
      ...['dataserviceversion: 3.0', ...(method === 'POST' ? ['prefer: return-no-content'] : [])],
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
      ...['', '', body],
    ].join('\r\n'),
  );
  const head = `--${batch}\r\ncontent-type: multipart/mixed; boundary=${changes}\r\n\r\n`;
  return {
    method: 'POST',
    path: '$batch',
    headers: { 'content-type': `multipart/mixed; boundary=${batch}` },
    body: `${head}${parts.join('\r\n')}\r\n--${changes}--\r\n--${batch}--\r\n`,
  };
}
