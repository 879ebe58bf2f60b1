/** Records of one tenant in pages; all at once for older callers whose Accept header asks for it. */
import * as api from '../../shared/api/records.ts';
import { streamedFormat } from '../../shared/exports/formats.ts';
import { invalidParameter } from '../../shared/errors.ts';
import { handler, type Call } from '../../shared/http/handler.ts';
import { jsonType, serialized, type Replied } from '../../shared/http/reply.ts';
import { answerRecords, type AnswerPageDeps } from '../../shared/query/answer-page.ts';
import { toRecordQuery } from '../../shared/query/record-query.ts';
import { openStream, type StreamDeps } from '../../shared/exports/open-stream.ts';

type ListRecordsDeps = AnswerPageDeps & StreamDeps;

type ListCall = Call<typeof api.listRecords>;

export const listRecordsHandler = handler(api.listRecords, async (deps: ListRecordsDeps, call) => {
  const { request, tenant, dialect, reply } = call;
  if (streamedFormat(request.headers.get('accept')) !== undefined) return await stream(deps, call);
  const query = toRecordQuery(call.query, dialect);
  const { json, body, headers } = await answerRecords(deps, { tenant, query, url: request.url });
  return json === undefined ? reply(200, body, headers) : reply(200, serialized(json, jsonType), headers);
});

const paging = ['top', 'skiptoken', 'orderby', 'select', 'expand'];

async function stream(
  deps: ListRecordsDeps,
  { request, invocation, caller, tenant, query, dialect, reply }: ListCall,
): Promise<Replied> {
  const misplaced = [...request.query.keys()].find((name) => paging.includes(name.replace(/^\$/, '')));
  if (misplaced !== undefined) {
    const message = `'${misplaced}' does not apply to this Accept header: all records are returned at once, newest first.`;
    throw invalidParameter(misplaced, message);
  }
  const { filters } = toRecordQuery(query, dialect);
  const format = streamedFormat(request.headers.get('accept')) ?? 'ndjson';
  const { body, mediaType, headers } = await openStream(deps, {
    invocation,
    caller,
    tenant,
    filters,
    format,
  });
  return reply(200, serialized(body, mediaType), { ...headers, Vary: 'Accept' });
}
