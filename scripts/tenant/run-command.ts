/** From a command line to an exit code. */
import { createApi } from './api.ts';
import { parseCommandLine, type Command, type CommandLine } from './arguments.ts';
import { add } from './commands/add.ts';
import { check } from './commands/check.ts';
import { consent } from './commands/consent.ts';
import { enable } from './commands/enable.ts';
import { list } from './commands/list.ts';
import { remove } from './commands/remove.ts';
import { ApiFailure, Failure } from './failure.ts';
import { sayChanges } from './follow.ts';
import { createHttpClient } from './http-client.ts';
import type { Outcome, Session } from './session.ts';
import { readSettings } from './settings.ts';
import { toSafeJson, toSafeLines } from './terminal-text.ts';
import { usage, UsageError } from './usage.ts';

/** What surrounds the command. */
export interface World extends Pick<Session, 'pause' | 'onInterrupt' | 'now'> {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** To standard output. */
  readonly write: (text: string) => void;
  /** To standard error. */
  readonly writeError: (text: string) => void;
  /** First wait between attempts of a request, doubled each time. */
  readonly retryBaseMs: number;
}

/** Resolves with the exit code: 0 good, 1 failed or something is wrong, 2 not used as it must be. */
export async function runCommand(args: readonly string[], world: World): Promise<0 | 1 | 2> {
  const print = showingSafely(world.write);
  const say = showingSafely(world.writeError);
  try {
    const line = parseCommandLine(args);
    if (line.help) print(usage);
    return line.help ? 0 : await runAndPrint(line, createSession(world, say), print);
  } catch (error) {
    if (error instanceof UsageError) say(`${error.message} (npm run tenant -- --help tells more)`);
    else if (error instanceof Failure) tellFailure(error, say, args.includes('--json') ? print : undefined);
    else throw error;
    return error instanceof UsageError ? 2 : 1;
  }
}

function showingSafely(write: (text: string) => void): (text: string) => void {
  return (text) => {
    write(`${toSafeLines(text).join('\n')}\n`);
  };
}

function tellFailure(error: Failure, say: (text: string) => void, print?: (text: string) => void): void {
  say(error.message);
  const body = error instanceof ApiFailure ? error.refusal.body : undefined;
  if (body !== undefined) print?.(toSafeJson(body));
}

async function runAndPrint(
  { command, json }: Extract<CommandLine, { readonly help: false }>,
  session: Session,
  print: (text: string) => void,
): Promise<0 | 1 | 2> {
  const { exitCode, answer, text } = await runIn(session, command);
  print(json ? toSafeJson(answer) : text);
  return exitCode;
}

function createSession(world: World, say: (text: string) => void): Session {
  const { pause, onInterrupt, now, retryBaseMs, env } = world;
  const onRetry = sayChanges((reason) => {
    say(`Trying again: ${reason}`);
  });
  const api = createApi(createHttpClient({ ...readSettings(env), pause, onRetry, retryBaseMs }));
  return { api, say, pause, onInterrupt, now };
}

function runIn(session: Session, command: Command): Promise<Outcome> {
  switch (command.name) {
    case 'add':
      return add(session, command);
    case 'enable':
      return enable(session, command);
    case 'check':
      return check(session, command);
    case 'list':
      return list(session);
    case 'consent':
      return consent(session, command);
    case 'remove':
      return remove(session, command);
  }
}
