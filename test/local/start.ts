/** `npm start`: runs Auditkeep on this machine, turns auditing on, collects, runs two queries, and keeps running until Ctrl-C. */
import { UsageError } from '../../scripts/command-line/failure.ts';
import { personOfInterest } from '../simulator/demo/demo-tenants.ts';
import { collect, readBaseline } from './collecting.ts';
import { describeEnabled, describePostures } from './enablement-report.ts';
import { interruptions, onInterruption } from './interruption.ts';
import { startLocalRun, type LocalRun } from './local-run.ts';
import { onboard } from './onboarding.ts';
import { checkOptions, type Options, parseOptions, usage } from './options.ts';
import { createProcesses, type Processes } from './processes.ts';
import { type Answer, askQuestions } from './questions.ts';
import { readRecordsFile, type RecordsFile } from './records-file.ts';
import {
  createProgressReport,
  describeAccess,
  describeAnswer,
  describeOutcome,
  describeSent,
  exitCodeOf,
  rolesOfFile,
  toJsonLine,
} from './report.ts';
import { askInSql, finishSending, type Sending, type Sent, startSending } from './sending.ts';

/** Progress and warnings; standard output is for results. */
function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Runs everything up to the point where it could exit, and returns the exit code. */
async function run(options: Options, processes: Processes): Promise<number> {
  const file = await prepare(options);
  const localRun = await startLocalRun({ options, processes, say });
  const tell = options.json ? say : print;
  const { api, database } = localRun;
  const sending = database && (await startSending(api, database));
  const baseline = await readBaseline(localRun);
  const enabled = await onboard(localRun, say);
  for (const one of enabled) tell(`\n${describeEnabled(one)}`);
  if (enabled.length > 1) tell(`\n${describePostures(await api.listPostures())}`);
  const describeProgress = createProgressReport(baseline.offered, () => performance.now());
  const collected = await collect(localRun, baseline, (progress) => {
    say(describeProgress(progress));
  });
  const seconds = Math.round(performance.now() / 100) / 10;
  const answers = await askAboutFirst(localRun, file);
  if (file !== undefined) tell(`\n${rolesOfFile}`);
  for (const answer of answers) tell(`\n${describeAnswer(answer)}`);
  tell(`\n${describeOutcome(collected, localRun, seconds)}`);
  const sent = sending && (await tellSent({ localRun, sending, answers, tell }));
  if (options.json) print(toJsonLine({ enabled, collected, seconds, sent }, localRun));
  if (!options.exit) tell(`\n${describeAccess(localRun, answers.at(-1)?.url)}\n\nPress Ctrl-C to stop.`);
  return exitCodeOf({ enabled, collected, sent });
}

/** Checks what can be checked before anything is started, and reads the file of records, if there is one. */
async function prepare(options: Options): Promise<RecordsFile | undefined> {
  await checkOptions(options);
  if (options.records === undefined) return undefined;
  return await readRecordsFile(options.records);
}

async function askAboutFirst(
  { api, tenants }: LocalRun,
  file: RecordsFile | undefined,
): Promise<readonly Answer[]> {
  const [tenant] = tenants;
  if (tenant === undefined) return [];
  const { tenantId } = tenant;
  const demo = { period: undefined, personOfInterest: personOfInterest.get(tenantId) };
  return await askQuestions(api, tenantId, file ?? demo);
}

interface Asked {
  readonly localRun: LocalRun;
  readonly sending: Sending;
  readonly answers: readonly Answer[];
  readonly tell: (text: string) => void;
}

/** Waits until the database has everything, and asks the same there. */
async function tellSent({ localRun: { api, tenants }, sending, answers, tell }: Asked): Promise<Sent> {
  const sent = await finishSending(api, sending);
  tell(`\n${describeSent(sent)}`);
  const tenantId = tenants[0]?.tenantId ?? '';
  const asked = sent.isCurrent ? await askInSql(api, sending, { tenantId, answers }) : [];
  for (const answer of asked) tell(`\nIn SQL: ${describeAnswer(answer)}`);
  return sent;
}

/** Resolves with the exit code at the first Ctrl-C; the second one ends the process without waiting. */
function whenInterrupted(processes: Processes): Promise<number> {
  return new Promise((resolve) => {
    let isInterrupted = false;
    onInterruption((signal) => {
      const exitCode = interruptions[signal];
      if (isInterrupted) {
        processes.kill();
        process.exit(exitCode);
      }
      isInterrupted = true;
      say('Stopping');
      resolve(exitCode);
    });
  });
}

async function start(args: readonly string[]): Promise<number> {
  const options = parseOptions(args, process.env);
  if (options.help) {
    print(usage);
    return 0;
  }
  // Requests to this machine must bypass its proxy.
  process.env['NO_PROXY'] = [process.env['NO_PROXY'], 'localhost', '127.0.0.1'].filter(Boolean).join(',');
  const processes = createProcesses();
  const interrupted = whenInterrupted(processes);
  try {
    const exitCode = await Promise.race([run(options, processes), processes.failed, interrupted]);
    if (!options.exit) await Promise.race([interrupted, processes.failed]);
    return exitCode;
  } finally {
    await processes.stop();
  }
}

start(process.argv.slice(2)).then(
  (exitCode) => process.exit(exitCode),
  (error: unknown) => {
    say(error instanceof Error ? error.message.replaceAll(/\s*\n\s*/g, ' ') : String(error));
    process.exit(error instanceof UsageError ? 2 : 1);
  },
);
