/** What a command gets from its surroundings, and what it comes to. */
import type { TokenCredential } from '@azure/identity';
import type { Command } from '@commander-js/extra-typings';
import type { Agent } from 'node:https';
import { fileURLToPath } from 'node:url';

/** Absolute path of the project. */
export const projectFolder = fileURLToPath(new URL('../..', import.meta.url));

export type Environment = Readonly<Record<string, string | undefined>>;

/** 0: done, nothing is wrong; 1: failed, or something is wrong; 2: invalid usage, or nothing done without `--yes`. */
export type ExitCode = 0 | 1 | 2;

/** The process around a command; tests replace it. */
export interface World {
  readonly env: Environment;
  /** Path of the local settings, which name storage where the environment does not. */
  readonly settingsFile: string;
  readonly writeOutput: (text: string) => void;
  readonly writeError: (text: string) => void;
  /** Standard error is a terminal. */
  readonly isInteractive: boolean;
  readonly now: () => Date;
  /** Resolves early, without an error, when the signal is aborted. */
  readonly pause: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Hands the next Ctrl-C to the listener; the one after that ends the process. Returns how to stop listening. */
  readonly onInterrupt: (listener: () => void) => () => void;
  /** Milliseconds before the first retry of a request, doubled for each further one. */
  readonly retryBaseMs: number;
  /** Replaces the sign-ins of this machine. */
  readonly credential?: TokenCredential | undefined;
  /** For certificates that the system does not trust. */
  readonly httpsAgent?: Agent | undefined;
}

/** A world whose output is safe for a terminal. */
export interface Context extends World {
  /** Prints the outcome, as text or as JSON, to standard output, and sets the exit code. */
  readonly report: (outcome: Outcome) => void;
  /** Tells the operator something that the outcome does not repeat, on standard error. */
  readonly notify: (text: string) => void;
  /** Shows how far the command is, on standard error, and only on a terminal. */
  readonly progress: (text: string) => void;
}

export interface Outcome {
  readonly exitCode: ExitCode;
  /** For programs: what `--json` prints. */
  readonly answer: unknown;
  /** The same for people. */
  readonly text: string;
}

/** Adds arguments, options, subcommands and actions to a command that has its name. */
export type Define = (command: Command, context: Context) => void;

/** Passes each text on, but none twice in a row, and no empty one. */
export function onChange(show: (text: string) => void): (text: string) => void {
  let last = '';
  return (text) => {
    if (text !== last && text !== '') show(text);
    last = text;
  };
}
