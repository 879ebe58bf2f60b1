/** What the test that everything arrives needs of the receiver of a kind of destinations. */
import type { KindName } from '../../../../shared/destinations/kinds/kinds.ts';
import type { AzureAround } from './azure-around.ts';

/** For what hosts do: tests of other files use the processor as well. */
export const patience = { timeout: 300_000, interval: 50 };

/** A record, each time that it came. */
export interface Arrival {
  readonly tenantId: string;
  readonly id: string;
  /** Its place in the feed of the tenant. */
  readonly sequence: number;
  readonly line: number;
}

export interface Held {
  /** Resolves when a host waits for an answer. */
  readonly reached: () => Promise<void>;
  /** Ends the waiting. */
  readonly end: () => Promise<void>;
}

export interface Receiver {
  /** Of a destination that leads here. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** In the order in which they came, as far as the receiver can tell. */
  readonly arrivals: () => readonly Arrival[];
  /** How many different records came. */
  readonly count: () => number;
  /** From now on, it fails in all of its ways, one after the other. @returns resolves when it has, and works again */
  readonly fail: () => Promise<() => Promise<void>>;
  /** The next batch is perhaps taken, and gets no answer. */
  readonly hold: () => Promise<Held>;
  /** From now on, it refuses this record. */
  readonly refuse: (recordId: string) => void;
  readonly stop: () => Promise<void>;
}

/** What receivers find where they are started. */
export interface Place extends AzureAround {
  /** The app can read it by its name. */
  readonly keepSecret: (name: string, value: string) => void;
}

/** How a kind is tested. */
export interface ReceiverOfKind {
  readonly kind: KindName;
  /** What stands for the receiver, with its version; or why there is none. */
  readonly title: string;
  readonly isThere: boolean;
  /** Whether a record that is sent twice is there twice. */
  readonly keepsDuplicates: boolean;
  readonly start: (place: Place) => Promise<Receiver>;
}
