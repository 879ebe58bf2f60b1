/** Stands in for the bulk interface of Elasticsearch: a status for each document, and one document of each ID. */
import * as z from 'zod';
import {
  startHttpsStandIn,
  type HttpsStandIn,
  type StandInAnswer,
  type StandInRequest,
} from './https-stand-in.ts';
import { anySecret } from './sender-context.ts';

const actionSchema = z.strictObject({ create: z.strictObject({ _id: z.string().min(1).max(512) }) });
const documentSchema = z.looseObject({ '@timestamp': z.iso.datetime() });
export type ElasticsearchDocument = z.output<typeof documentSchema>;

export interface ElasticsearchStandIn extends HttpsStandIn {
  /** By ID, in the order of creation. */
  readonly documents: ReadonlyMap<string, ElasticsearchDocument>;
  /** The status for a document; undefined for one that is created. */
  refuse(status: ((document: ElasticsearchDocument) => number | undefined) | undefined): void;
}

function linesOf({ content }: StandInRequest): readonly string[] {
  const text = content.toString('utf8');
  return text.endsWith('\n') ? text.slice(0, -1).split('\n') : [];
}

const types: Readonly<Record<number, string>> = {
  400: 'document_parsing_exception',
  403: 'security_exception',
  404: 'index_not_found_exception',
  409: 'version_conflict_engine_exception',
  429: 'es_rejected_execution_exception',
};

export async function startElasticsearch(target = 'auditkeep-records'): Promise<ElasticsearchStandIn> {
  const documents = new Map<string, ElasticsearchDocument>();
  let refuse: (document: ElasticsearchDocument) => number | undefined = () => undefined;
  const create = (id: string, line: string): number => {
    const document = documentSchema.safeParse(JSON.parse(line)).data;
    const status = document === undefined ? 400 : (refuse(document) ?? (documents.has(id) ? 409 : 201));
    if (document !== undefined && status === 201) documents.set(id, document);
    return status;
  };
  const taken = (request: StandInRequest): StandInAnswer => {
    const lines = linesOf(request);
    if (lines.length === 0) return { status: 400, body: '{"error":{"type":"illegal_argument_exception"}}' };
    const items = lines.flatMap((line, at) => {
      if (at % 2 === 1) return [];
      const { _id } = actionSchema.parse(JSON.parse(line)).create;
      const status = create(_id, lines[at + 1] ?? '');
      return [{ create: { status, ...(status > 201 ? { error: { type: types[status] } } : {}) } }];
    });
    const errors = items.some(({ create: { status } }) => status > 201);
    return { status: 200, body: JSON.stringify({ errors, items }) };
  };
  const standIn = await startHttpsStandIn({
    count: (request) => linesOf(request).length / 2,
    check: (request) => {
      const { authorization } = request.headers;
      const isKnown = authorization === `ApiKey ${anySecret}` || authorization === `Basic ${btoa(anySecret)}`;
      if (!isKnown) return { status: 401 };
      return request.path?.split('?')[0] === `/${target}/_bulk` ? taken(request) : { status: 404 };
    },
    take: () => undefined,
  });
  return {
    ...standIn,
    documents,
    refuse: (status) => {
      refuse = status ?? (() => undefined);
    },
  };
}
