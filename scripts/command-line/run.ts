/** From arguments to an exit code: the one way in which every command is parsed, reports and fails. */
import { Command, CommanderError, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { commands } from './commands.ts';
import type { Context, ExitCode, World } from './context.ts';
import { Failure, TakenByNpmError, UsageError } from './failure.ts';
import { refuseTakenByNpm, type KnownOption } from './npm-options.ts';
import { toSafeJson, toSafeLines } from './terminal-text.ts';

const help = `
Exit codes: 0 done, nothing is wrong; 1 failed, or something is wrong; 2 invalid usage, or
nothing done without --yes; 130 interrupted. docs/commands.md describes every command.`;
const helpWidth = 100;

/** Resolves with the exit code. @throws what is neither a Failure nor a UsageError: a defect */
export async function run(args: readonly string[], world: World): Promise<ExitCode> {
  let exitCode: ExitCode = 0;
  const [print, notify] = [safely(world.writeOutput), safely(world.writeError)];
  const program = createProgram(world);
  const isJson = (): boolean => program.opts().json === true;
  const context: Context = {
    ...world,
    notify,
    progress: world.isInteractive ? notify : () => undefined,
    report: ({ exitCode: code, answer, text }) => {
      exitCode = code;
      print(isJson() ? toSafeJson(answer) : text);
    },
  };
  try {
    await defineCommands(program, args, context);
    refuseTakenByNpm(optionsFor(program, args), args, world.env);
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    const answer = error instanceof Failure ? error.answer : undefined;
    if (answer !== undefined && isJson()) print(toSafeJson(answer));
    return explain(error, notify);
  }
}

function createProgram({ writeOutput, writeError }: World) {
  return new Command('auditkeep')
    .description('Operates and deploys Auditkeep: npm run auditkeep -- <command> [options]')
    .option('--json', 'print the result as JSON')
    .configureHelp({ showGlobalOptions: true, helpWidth })
    .configureOutput({ writeOut: writeOutput, writeErr: writeError, outputError: () => undefined })
    .addHelpText('after', help)
    .exitOverride();
}

/** Loads only the commands that the arguments name: all together would make each of them start slowly. */
async function defineCommands(
  program: ReturnType<typeof createProgram>,
  args: readonly string[],
  context: Context,
): Promise<void> {
  for (const [heading, entries] of Object.entries(commands)) {
    for (const [name, [summary, load]] of Object.entries(entries)) {
      const command = program.command(name).summary(summary).helpGroup(heading);
      if (args.includes(name)) (await load()).define(command, context);
    }
  }
}

/** The options of the command that the arguments name, and of those above it. */
function optionsFor(program: CommandUnknownOpts, args: readonly string[]): readonly KnownOption[] {
  const chain = [program];
  for (const arg of args) chain.push(...(chain.at(-1)?.commands.filter((one) => one.name() === arg) ?? []));
  return chain
    .flatMap(({ options }) => options)
    .flatMap(({ long, required, optional }) =>
      typeof long === 'string' ? [{ long, hasValue: required || optional }] : [],
    );
}

function safely(write: (text: string) => void): (text: string) => void {
  return (text) => {
    write(`${toSafeLines(text).join('\n')}\n`);
  };
}

/** @throws a defect */
function explain(error: unknown, notify: (text: string) => void): ExitCode {
  if (error instanceof Failure) {
    notify(error.message);
    return 1;
  }
  if (error instanceof CommanderError && error.exitCode === 0) return 0;
  // Commander has shown the help because a subcommand is missing.
  if (error instanceof CommanderError && error.code === 'commander.help') return 2;
  if (!(error instanceof CommanderError || error instanceof UsageError)) throw error;
  notify(error instanceof TakenByNpmError ? error.message : `${sentenceOf(error)} (see --help)`);
  return 2;
}

/** E.g. `Unknown option '--wrokloads'. Did you mean --workloads?` */
function sentenceOf({ message }: Error): string {
  const line = message
    .replace(/^error: /, '')
    .replaceAll(/\s*\n\(?/g, '. ')
    .replace(/\?\)$/, '?');
  return line.charAt(0).toUpperCase() + line.slice(1);
}
