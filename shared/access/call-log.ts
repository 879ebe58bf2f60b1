/** Writes the access log entries of one call. */
import pMap from 'p-map';
import { RequestError } from '../errors.ts';
import { tenantIdSchema } from '../tenants/tenant.ts';
import { isInsider, type AccessLogEntry, type AccessLogWriter, type FileReading } from './access-log.ts';
import { maySeeById, type Caller } from './caller.ts';
import type { FileOfTenants, Opened } from './opened.ts';

export interface LoggedCall extends Pick<AccessLogEntry, 'at' | 'requestId' | 'action'> {
  /** As sent in the path, not validated; undefined where the path names none. */
  readonly tenantId: string | undefined;
  /** Names of the query parameters as sent. */
  readonly parameters: readonly string[];
  /** {@link clientNetwork} */
  readonly clientAddress: string;
}

/**
 * An accepted call costs one table write, which runs in parallel with the work when the path names a tenant that the
 * caller has access to by its ID; for tags, the tenant has to be read first. A refused call costs a second write that replaces the first. A call that opens several tenants
 * leaves an entry for each; one that reads a file of several tenants only if no accepted call of this caller did before, with the
 * same operation, apart from calls at the same time. No entry reveals a caller to a tenant that the caller has no access to.
 */
export interface CallLog {
  /** The caller is known, and the work begins. */
  begin(caller: Caller): Promise<void>;
  /** The work is done, and has opened this. */
  accept(caller: Caller, opened: Opened): Promise<void>;
  /**
   * The call is answered with an error.
   * @param caller absent when the caller could not be identified
   * @param opened tenants; of a file, nothing was answered
   */
  refuse(error: unknown, caller: Caller | undefined, opened: Opened['tenantIds']): Promise<void>;
}

/** A call may open thousands of tenants. */
const concurrency = 32;

export function createCallLog(
  log: AccessLogWriter,
  { tenantId, parameters, clientAddress, ...call }: LoggedCall,
): CallLog {
  const named = tenantIdSchema.safeParse(tenantId).data;
  const written = new Set<string | undefined>();
  const entry = { ...call, parameters: safeNames(parameters) };
  const own = (caller: Caller): string | undefined =>
    named !== undefined && maySeeById(caller, named) ? named : undefined;
  /** The tenant in the path, unless the entry would show an outsider to its auditors. */
  const about = (caller: Caller | undefined, code: string): string | undefined =>
    caller !== undefined && isInsider({ caller: caller.id, code }) ? own(caller) : named;
  const write = async (
    tenants: readonly (string | undefined)[],
    rest: Pick<AccessLogEntry, 'caller' | 'outcome' | 'code' | 'clientAddress' | 'count'>,
  ): Promise<void> => {
    for (const tenant of tenants) written.add(tenant);
    await pMap(tenants, (tenant) => log.append({ ...entry, tenantId: tenant, ...rest }), { concurrency });
  };
  return {
    async begin(caller) {
      const tenant = own(caller);
      if (tenant !== undefined) await write([tenant], { caller: caller.id, outcome: 'accepted' });
    },
    async accept(caller, { tenantIds, files }) {
      const unmarked = await unmarkedOf(log, files, { caller: caller.id, action: call.action });
      const opened = new Set([...tenantIds, ...unmarked.flatMap((file) => file.tenantIds)]);
      const left = [...opened].filter((tenant) => !written.has(tenant));
      const isUnwritten = left.length === 0 && written.size === 0;
      await write(isUnwritten ? [own(caller)] : left, { caller: caller.id, outcome: 'accepted' });
      // Not before: a call whose entries could not be written leaves them to the next one.
      for (const { reading } of unmarked) await log.markFile(reading);
    },
    async refuse(error, caller, opened) {
      const isOurs = !(error instanceof RequestError) || error.status >= 500;
      const code = error instanceof RequestError ? error.code : 'InternalError';
      const tenants = new Set([...written, ...opened]);
      if (tenants.size === 0) tenants.add(about(caller, code));
      const who = caller === undefined ? { clientAddress, count: 1 } : { caller: caller.id };
      await write([...tenants], { ...who, outcome: isOurs ? 'failed' : 'refused', code });
    },
  };
}

/** The files whose tenants the log does not name yet. */
async function unmarkedOf(
  log: AccessLogWriter,
  files: readonly FileOfTenants[],
  by: Pick<FileReading, 'caller' | 'action'>,
) {
  const readings = files.map(({ id, createdDateTime, tenantIds }) => ({
    tenantIds,
    reading: { ...by, fileId: id, day: createdDateTime },
  }));
  const isMarked = await Promise.all(readings.map(({ reading }) => log.isFileMarked(reading)));
  return readings.filter((_, at) => isMarked[at] !== true);
}

const maxNames = 40;

/** Names that look like names of parameters; anything else could be a value in the wrong place. */
function safeNames(names: readonly string[]): readonly string[] {
  const distinct = new Set(names.map((name) => (/^\$?[A-Za-z][A-Za-z-]{0,31}$/.test(name) ? name : '?')));
  return [...distinct].slice(0, maxNames);
}
