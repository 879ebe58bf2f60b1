/** Sends lines of JSON, or arrays, by HTTPS. */
import type { HttpsNdjsonSettings } from '../../destinations/kinds/https-ndjson.ts';
import type { OpenSender } from '../../destinations/kind.ts';
import type { OutgoingBatch } from '../../destinations/outgoing.ts';
import { createHttpsClient, resultOfUnreached, type HttpsRequest } from './https-client.ts';
import { resultOfAnswer, type NextSteps } from './https-result.ts';
import { testByHttps } from './https-test.ts';
import { jsonArray } from './json-array.ts';

export const openHttpsNdjson: OpenSender<HttpsNdjsonSettings> = (settings, context) => {
  const client = createHttpsClient(context, settings.certificateAuthority);
  const request = async (batchId: string, bodies: readonly Buffer[]): Promise<HttpsRequest> => {
    return {
      method: settings.method,
      url: settings.url,
      headers: { ...(await headersOf(settings, context.secret)), 'x-auditkeep-batch': batchId },
      body: joined(settings, bodies),
      gzip: settings.gzip,
    };
  };
  return {
    async send({ id, records }: OutgoingBatch, signal) {
      const bodies = records.map(({ body }) => body);
      const answer = await client.request(await request(id, bodies), signal);
      return answer.status === undefined ? resultOfUnreached(answer) : resultOfAnswer(answer, nextSteps);
    },
    test: async (signal) => testByHttps(client, await request('test', [testBody]), nextSteps, signal),
    close: () => client.close(),
  };
};

/** Later ones replace earlier ones of the same name, in any case. */
async function headersOf(
  { headers, credential, layout }: HttpsNdjsonSettings,
  secret: (name: string) => Promise<string>,
): Promise<Readonly<Record<string, string>>> {
  const all: (readonly [string, string])[] = [
    ['content-type', layout === 'lines' ? 'application/x-ndjson' : 'application/json'],
    ['user-agent', 'Auditkeep'],
    ...Object.entries(headers),
  ];
  if (credential) all.push([credential.header, `${credential.prefix}${await secret(credential.secret)}`]);
  return Object.fromEntries(all.map(([name, value]) => [name.toLowerCase(), value]));
}

function joined({ layout }: HttpsNdjsonSettings, bodies: readonly Buffer[]): Buffer {
  if (layout === 'lines') return Buffer.concat(bodies.flatMap((body) => [body, lineBreak]));
  return jsonArray(bodies);
}

const lineBreak = Buffer.from('\n');
/** Not empty, as many receivers refuse what is, and not like a record. */
const testBody = Buffer.from(
  JSON.stringify({ auditkeep: 'test', message: 'Test of a destination of Auditkeep; not an audit record.' }),
);

const checkAddress = 'Check the address and the method in the settings of the destination.';
const nextSteps: NextSteps = {
  401: 'Check the secret, and the header that it is sent in.',
  403: 'Allow what the secret belongs to to send records.',
  404: checkAddress,
  405: checkAddress,
  415: 'Check the layout and the compression in the settings of the destination.',
};
