/** Operations in memory, in their encoded form. */
import * as z from 'zod';
import { invertedTime } from '../../../shared/index/keys.ts';
import {
  isFinished,
  isKeyedById,
  timeOfOperationId,
  type OperationKey,
  type OperationKind,
  type OperationTraits,
} from '../../../shared/operations/operation.ts';
import type {
  DueOperation,
  OperationAgenda,
  OperationStore,
  StoredOperation,
} from '../../../shared/operations/operation-store.ts';

export interface FakeOperationStore<Request, State> extends OperationStore<Request, State> {
  /** All of them, oldest first. */
  all(): readonly StoredOperation<Request, State>[];
}

export function createFakeOperationStore<Request, State>(
  kind: OperationKind<Request, State>,
): FakeOperationStore<Request, State> {
  type Stored = StoredOperation<Request, State>;
  const rows = new Map<string, Stored>();
  let writes = 0;
  const keyOf = ({ tenantId = '', id }: OperationKey) => (isKeyedById(kind) ? id : `${tenantId} ${id}`);
  /** As storage returns it; throws for values that do not fit. */
  const copy = (one: Stored): Stored => {
    const encoded = { request: z.encode(kind.request, one.request), state: z.encode(kind.state, one.state) };
    const json = z.object({ request: kind.request, state: kind.state });
    return { ...one, ...json.parse(JSON.parse(JSON.stringify(encoded))) };
  };
  const put = (one: Stored): Stored => {
    const written = copy({ ...one, etag: String(++writes) });
    rows.set(keyOf(one), written);
    return written;
  };
  const isUnchanged = (one: Stored) => rows.get(keyOf(one))?.etag === one.etag;
  return {
    kind,
    all: () => [...rows.values()],
    async create(one, checkDateTime) {
      await Promise.resolve();
      if (rows.has(keyOf(one))) return undefined;
      const isInTheWay = (other: Stored) => other.tenantId === one.tenantId && !isFinished(other);
      const running = kind.isExclusive ? [...rows.values()].find(isInTheWay) : undefined;
      if (running !== undefined) return running.id;
      put({ ...one, etag: '', run: 0, savedBy: 0, handedOverBy: 0, cancelRequested: false, checkDateTime });
      return undefined;
    },
    async get(key) {
      const found = await Promise.resolve(rows.get(keyOf(key)));
      return found === undefined ? undefined : copy(found);
    },
    async list(tenantId, top, after) {
      const isLeft = ({ id }: Stored) => after === undefined || orderOf(id) > orderOf(after);
      const own = [...rows.values()].filter((row) => row.tenantId === tenantId && isLeft(row));
      own.sort((a, b) => (orderOf(a.id) < orderOf(b.id) ? -1 : 1));
      return await Promise.resolve(own.slice(0, top).map((one) => copy(one)));
    },
    async replace(before, after) {
      await Promise.resolve();
      return isUnchanged(before) ? put(after) : undefined;
    },
    async remove(one) {
      rows.delete(keyOf(one));
      await Promise.resolve();
    },
  };
}

/** As keys in storage sort: newest first. */
function orderOf(id: string): string {
  return `${invertedTime(timeOfOperationId(id))} ${id}`;
}

/** The operations that are due, of several stores. */
export function createFakeOperationAgenda(
  ...stores: readonly {
    readonly kind: OperationTraits;
    readonly all: () => readonly StoredOperation<unknown, unknown>[];
  }[]
): OperationAgenda {
  return {
    async *due(by) {
      const entries = stores.flatMap(({ kind, all }) =>
        all().flatMap(({ tenantId, id, checkDateTime }): DueOperation[] =>
          checkDateTime === undefined ? [] : [{ kind: kind.name, tenantId, id, checkDateTime }],
        ),
      );
      entries.sort((a, b) => a.checkDateTime.getTime() - b.checkDateTime.getTime());
      for (const entry of entries) if (entry.checkDateTime <= by) yield await Promise.resolve(entry);
    },
    drop: () => Promise.resolve(),
  };
}
