/** From a command line to an exit code, for commands that work on storage. */
import { Failure } from '../tenant/failure.ts';
import type { Outcome } from '../tenant/session.ts';
import { toSafeJson, toSafeLines } from '../tenant/terminal-text.ts';
import { UsageError } from '../tenant/usage.ts';
import {
  openStorage,
  withLocalSettings,
  type Environment,
  type OperatorStorage,
} from './operator-storage.ts';
import { storageFailure } from './storage-failure.ts';

/** What surrounds a command. */
export interface World {
  readonly env: Environment;
  /** Path of the local settings, which name storage where the environment does not. */
  readonly settingsFile: string;
  /** To standard output. */
  readonly write: (text: string) => void;
  /** To standard error. */
  readonly writeError: (text: string) => void;
  readonly now: () => Date;
}

export interface OperatorSession {
  readonly storage: OperatorStorage;
  /** Tells of progress, on standard error. */
  readonly say: (text: string) => void;
  readonly now: () => Date;
}

/** A command line that was understood. */
export interface Wish {
  readonly json: boolean;
  readonly fulfil: (session: OperatorSession) => Promise<Outcome>;
}

export interface OperatorCommand {
  /** As npm knows it. */
  readonly name: string;
  readonly usage: string;
  /** @throws UsageError */
  readonly parse: (args: readonly string[]) => Wish;
}

/** Resolves with the exit code: 0 good, 1 failed or something is wrong, 2 not used as it must be. */
export async function runOperatorCommand(
  { name, usage, parse }: OperatorCommand,
  args: readonly string[],
  world: World,
): Promise<0 | 1 | 2> {
  const [print, say] = [showingSafely(world.write), showingSafely(world.writeError)];
  try {
    if (args.includes('--help')) {
      print(usage);
      return 0;
    }
    const { json, fulfil } = parse(args);
    const storage = openStorage(withLocalSettings(world.env, world.settingsFile));
    const session = { storage, say, now: world.now };
    const { exitCode, answer, text } = await fulfil(session);
    print(json ? toSafeJson(answer) : text);
    return exitCode;
  } catch (error) {
    return tell(error, say, name);
  }
}

function showingSafely(write: (text: string) => void): (text: string) => void {
  return (text) => {
    write(`${toSafeLines(text).join('\n')}\n`);
  };
}

/** @throws what nobody foresaw */
function tell(error: unknown, say: (text: string) => void, name: string): 1 | 2 {
  if (error instanceof UsageError) {
    say(`${error.message} (npm run ${name} -- --help tells more)`);
    return 2;
  }
  const failure = error instanceof Failure ? error : storageFailure(error);
  if (failure === undefined) throw error;
  say(failure.message);
  return 1;
}
