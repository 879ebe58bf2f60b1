/** A kind of report: what it is called, what it can be asked, and how it is computed from records. */
import * as z from 'zod';
import { isObject, parseJson, type JsonObject } from '../json.ts';
import type { RecordFilters } from '../query/filters.ts';
import type { FoundRecord } from '../query/found-record.ts';
import { globalAdministrator } from '../tenants/privileged-roles.ts';
import type { SnapshotReader } from '../tenants/role-holders.ts';
import type { Section, TableHead } from './document.ts';
import type { GivenInputs, MaybeNeeded, Need, Needed, ReportInputs } from './report-inputs.ts';

/** One pass over records of the tenant, newest first. */
export interface Scan {
  /**
   * Without bounds of their own, those of the report: half-open. Names (`actor`, `target`, `mailbox`) are widened to all
   * names that are known of the same person or mailbox when the scan begins.
   */
  readonly filters: RecordFilters;
  /** Whether `add` needs what Microsoft delivered. Without, a record costs a fraction. */
  readonly withTexts: boolean;
}

/**
 * Computes one report about one tenant, driven by its own questions: the records of a scan may decide what the next one
 * reads. It is synchronous and deterministic: the same inputs and the same records in the same order give the same
 * sections, whenever it was replaced by another one that was opened with its state. What it holds is bounded by the
 * `limits` of its inputs.
 */
export interface Collector<S> {
  /** What to read now: the same answer until {@link endScan}, also after it was opened again. Undefined: nothing more. */
  next(): Scan | undefined;
  /**
   * Takes a record of the present scan.
   * @param auditData the record as delivered; absent without texts, and if it is not a JSON object
   */
  add(record: FoundRecord, auditData?: JsonObject): void;
  /** All records of the present scan were added. */
  endScan(): void;
  /** All it needs to continue. Encoded by `state` of its kind as JSON, at most {@link maxStateBytes}. */
  state(): S;
  /**
   * The report, once no scan follows. Of the tables, only those that the kind declares. The frame cuts texts, and
   * rows beyond the limits are added to `omitted`: the most important ones come first.
   */
  sections(): readonly Section[];
}

/** Of a collector's state as JSON. A report that needs more fails, and says so. */
export const maxStateBytes = 16 * 1024 * 1024;

export interface TimeSpan {
  readonly from: Date;
  readonly to: Date;
}

/** What is about to be computed. */
export interface Asked<O> {
  readonly tenantId: string;
  /** Half-open. */
  readonly range: TimeSpan;
  readonly options: O;
  readonly now: Date;
}

/** From which a kind finds out how far its report reads. */
export interface RangeDeps {
  readonly roleHolders: SnapshotReader;
}

/** What a request can name of a kind. A cold start reads it, so it imports nothing that computes. */
export interface DeclaredKind {
  /** As requests name it. */
  readonly name: string;
  readonly title: string;
  /** One sentence for those who choose among kinds. */
  readonly description: string;
  /**
   * Members of the request in addition to `kind`, `from`, `to`, and `tenants`. Requests of other kinds are sent without them,
   * so the description of a member says which kind requires it. Kinds whose options have the same name mean the same by
   * them. What it returns must parse to itself.
   */
  readonly options: z.ZodObject;
  /** All tables that its reports can have, so that those of many tenants have one header. The first one is the main one. */
  readonly tables: readonly [TableHead, ...TableHead[]];
}

/** `O`: schema of the options; `N`: what it needs in addition to records; `S`: the state of its collectors. */
export interface KindDeclaration<O extends z.ZodObject, N extends Need, S> extends DeclaredKind {
  readonly options: O;
  readonly needs: readonly N[];
  /** Template ids of the roles whose holders it needs; those of Global Administrator alone, if absent. */
  readonly roles?: (options: z.output<O>) => readonly string[];
  /** The range of all records on which its reports depend, half-open; absent: that of the report. */
  readonly reads?: (asked: Asked<z.output<O>>, deps: RangeDeps) => TimeSpan | Promise<TimeSpan>;
  /** A codec whose encoded form is JSON. A state that does not fit was stored by another version: the report begins again. */
  readonly state: z.ZodType<S>;
  readonly open: (inputs: ReportInputs<z.output<O>, N>, state?: S) => Collector<S>;
}

/** A collector, whatever its state is. */
export interface OpenedCollector extends Omit<Collector<unknown>, 'state' | 'add'> {
  add(record: FoundRecord, text: Buffer | undefined): void;
  /** JSON, as {@link ReportKind.open} takes it. */
  state(): string;
}

/** A kind of report, whatever its options and its state are. */
export interface ReportKind extends DeclaredKind {
  readonly needs: readonly Need[];
  readonly roles: (options: unknown) => readonly string[];
  readonly reads: (asked: Asked<unknown>, deps: RangeDeps) => Promise<TimeSpan>;
  /** @param state as a collector returned it; undefined at the beginning. @returns undefined if the state does not fit */
  readonly open: (
    inputs: GivenInputs<unknown> & MaybeNeeded,
    state: string | undefined,
  ) => OpenedCollector | undefined;
}

/** A kind of which only the declaration was loaded. */
export interface ListedKind extends DeclaredKind {
  /** @throws Error when the file of the kind cannot be loaded */
  readonly load: () => Promise<ReportKind>;
}

/** The kind that is declared, as the frame uses it. */
export function reportKind<O extends z.ZodObject, N extends Need, S>(
  declared: KindDeclaration<O, N, S>,
): ReportKind {
  const { name, title, description, options, needs, tables } = declared;
  return {
    name,
    title,
    description,
    options,
    needs,
    tables,
    roles: (given) => declared.roles?.(options.parse(given)) ?? [globalAdministrator],
    async reads(asked, deps) {
      const inputs = { ...asked, options: options.parse(asked.options) };
      return (await declared.reads?.(inputs, deps)) ?? asked.range;
    },
    open(given, state) {
      const begun = state === undefined ? undefined : declared.state.safeParse(parseJson(state));
      if (begun?.success === false) return undefined;
      if (!hasAll(given, needs))
        throw new Error(`A report of the kind ${name} lacks something that it needs.`);
      const inputs = { ...given, options: options.parse(given.options) };
      return opened(declared, declared.open(inputs, begun?.data));
    },
  };
}

function hasAll<N extends Need>(
  given: GivenInputs<unknown> & MaybeNeeded,
  needs: readonly N[],
): given is GivenInputs<unknown> & MaybeNeeded & Pick<Needed, N> {
  return needs.every((need) => given[need] !== undefined);
}

function opened<S>(
  { state }: Pick<KindDeclaration<z.ZodObject, Need, S>, 'state'>,
  collector: Collector<S>,
): OpenedCollector {
  return {
    next: () => collector.next(),
    endScan: () => {
      collector.endScan();
    },
    sections: () => collector.sections(),
    add: (record, text) => {
      collector.add(record, text && auditDataOf(text));
    },
    state: () => JSON.stringify(z.encode(state, collector.state())),
  };
}

function auditDataOf(text: Buffer): JsonObject | undefined {
  const value = parseJson(text.toString('utf8'));
  return isObject(value) ? value : undefined;
}
