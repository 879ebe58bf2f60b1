/** Sends documents to Elasticsearch or OpenSearch. */
import type { ElasticsearchSettings } from '../../destinations/kinds/elasticsearch.ts';
import type { OpenSender, SenderContext, SendResult, TestStep } from '../../destinations/kind.ts';
import type { OutgoingBatch } from '../../destinations/outgoing.ts';
import { resultOfBulk } from './elasticsearch/answer.ts';
import { createHttpsClient, type HttpsRequest } from './https-client.ts';
import { connected, unreachedStep } from './https-test.ts';

export const openElasticsearch: OpenSender<ElasticsearchSettings> = (settings, context) => {
  const client = createHttpsClient(context, settings.certificateAuthority);
  return {
    async send({ records }: OutgoingBatch, signal) {
      const bodies = records.map(({ body }) => body);
      const answer = await client.request(await bulkRequest(settings, context, bodies), signal);
      return resultOfBulk(answer, records.length);
    },
    async test(signal) {
      const answer = await client.request(
        await bulkRequest(settings, context, [testDocument(context)]),
        signal,
      );
      if (answer.status === undefined) return [unreachedStep(answer)];
      return [connected, stepOf(resultOfBulk(answer, 1), answer.status)];
    },
    close: () => client.close(),
  };
};

async function bulkRequest(
  settings: ElasticsearchSettings,
  { secret }: SenderContext,
  lines: readonly Buffer[],
): Promise<HttpsRequest> {
  const url = new URL(`/${settings.target}/_bulk`, settings.url);
  // Reasons of errors repeat content of records.
  url.searchParams.set('filter_path', 'errors,items.*.status,items.*.error.type');
  const headers = {
    authorization: authorizationOf(settings, await secret(settings.secret)),
    'content-type': 'application/x-ndjson',
    'user-agent': 'Auditkeep',
  };
  return { method: 'POST', url: url.href, headers, body: Buffer.concat(lines), gzip: settings.gzip };
}

function authorizationOf({ authentication }: ElasticsearchSettings, secret: string): string {
  return authentication === 'apiKey' ? `ApiKey ${secret}` : `Basic ${Buffer.from(secret).toString('base64')}`;
}

/** One document, however often it is tested: its ID is always the same. */
function testDocument({ now }: SenderContext): Buffer {
  const message = 'Test of a destination of Auditkeep; not an audit record.';
  const document = { '@timestamp': now(), auditkeep: 'test', message };
  return Buffer.from(`{"create":{"_id":"auditkeep-test"}}\n${JSON.stringify(document)}\n`);
}

const testLater = 'Test again later: the destination takes no records now.';
const checkMapping = 'Check the template of the target: it must take the document of the test.';

function stepOf(result: SendResult, status: number): TestStep {
  const step = status === 401 ? 'authenticate' : status === 403 ? 'authorize' : 'send';
  if (result.outcome === 'accepted') {
    const cause = result.rejects?.[0]?.cause;
    if (cause === undefined) return { step, succeeded: true, detail: 'The destination took a document.' };
    return { step, succeeded: false, detail: cause, nextStep: checkMapping };
  }
  const detail = result.outcome === 'tooLarge' ? 'The destination answered 413.' : result.cause;
  const nextStep = result.outcome === 'misconfigured' ? result.nextStep : testLater;
  return { step, succeeded: false, detail, nextStep };
}
