/** Lists of operations: newest first, in pages. */
import type { z } from 'zod';
import { countParameter } from '../http/parameters.ts';
import { continuedAfter, positionIn, positionParameters } from '../http/positions.ts';
import type { OperationStore, StoredOperation } from './operation-store.ts';

/** One takes up to a megabyte in storage, which bounds what a page reads. */
const maxTop = 50;
const defaultTop = 20;

/** The query parameters of a page. */
export const operationsParameters = {
  ...positionParameters,
  top: countParameter(maxTop, defaultTop, {
    title: 'Page Size',
    description: 'Maximum number of entries on a page.',
  }),
};

interface OperationsPage<R, S, V> {
  /** Of a tenant, of an owner, or `wholePartner`. */
  readonly tenantId: string;
  readonly query: z.output<z.ZodObject<typeof operationsParameters>>;
  /** As requested. */
  readonly url: string;
  readonly view: (one: StoredOperation<R, S>) => V;
}

const idShape = /^[0-9a-f-]{36}$/;

/** @throws RequestError 400 for an invalid skip token */
export async function pageOfOperations<R, S, V>(
  store: Pick<OperationStore<R, S>, 'list'>,
  { tenantId, query, url, view }: OperationsPage<R, S, V>,
) {
  const { top, skiptoken } = query;
  const found = await store.list(tenantId, top + 1, positionIn(skiptoken, idShape));
  const page = found.slice(0, top);
  const last = found.length > top ? page.at(-1) : undefined;
  return { value: page.map(view), nextLink: last && continuedAfter(url, last.id) };
}
