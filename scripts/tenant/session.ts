/** What every command works with, and what it comes to. */
import type { Api } from './api.ts';

export interface Session {
  readonly api: Api;
  /** Tells of progress, on standard error. */
  readonly say: (text: string) => void;
  /** Ends early, without an error, when the signal is aborted. */
  readonly pause: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Hears the next Ctrl-C in place of the system; the one after that ends the command. Returns how to stop hearing. */
  readonly onInterrupt: (listener: () => void) => () => void;
  readonly now: () => Date;
}

export interface Outcome {
  /** 0: good; 1: it failed, or something is wrong; 2: not used as it must be. */
  readonly exitCode: 0 | 1 | 2;
  /** The API's last answer, for programs. */
  readonly answer: unknown;
  /** The same for people. */
  readonly text: string;
}
