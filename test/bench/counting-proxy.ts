/** A proxy in front of the storage emulator that counts what Azure would bill. */
import { startStorageProxy, type StorageCall, type StorageProxy } from '../support/storage-proxy.ts';

export interface OperationCounts {
  readonly blobWrites: number;
  readonly blobReads: number;
  readonly tableReads: number;
  /** An entity-group transaction counts once. */
  readonly tableWrites: number;
  readonly queueOperations: number;
}

export interface CountingProxy extends StorageProxy {
  /** Since the last {@link CountingProxy.reset}. */
  readonly counts: () => OperationCounts;
  readonly reset: () => void;
}

export async function startCountingProxy(connectionString: string): Promise<CountingProxy> {
  const seen = new Map<keyof OperationCounts, number>();
  const proxy = await startStorageProxy(connectionString, (call) => {
    const kind = classify(call);
    if (kind !== undefined) seen.set(kind, (seen.get(kind) ?? 0) + 1);
    return undefined;
  });
  return {
    ...proxy,
    counts: () => toCounts(seen),
    reset: () => {
      seen.clear();
    },
  };
}

/** What Azure bills a request as; undefined for free ones. */
export function classify({ service, method, path }: StorageCall): keyof OperationCounts | undefined {
  const isRead = method === 'GET' || method === 'HEAD';
  if (service === 'Queue') return 'queueOperations';
  if (service === 'Table') return isRead ? 'tableReads' : 'tableWrites';
  // Listing is billed like writing, deleting is free.
  const isListing = /[?&]comp=list(&|$)/.test(path);
  if (method === 'DELETE') return undefined;
  return isRead && !isListing ? 'blobReads' : 'blobWrites';
}

function toCounts(seen: ReadonlyMap<keyof OperationCounts, number>): OperationCounts {
  const of = (kind: keyof OperationCounts) => seen.get(kind) ?? 0;
  return {
    blobWrites: of('blobWrites'),
    blobReads: of('blobReads'),
    tableReads: of('tableReads'),
    tableWrites: of('tableWrites'),
    queueOperations: of('queueOperations'),
  };
}
