/** Starts the local Functions host in its own process and reads its status. */
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { type Child, projectFolder, startChild } from './child.ts';
import { type HostStatus, hostStatusSchema } from './host/admin.ts';

const readySchema = z.object({ baseUrl: z.url(), functions: z.array(z.string()) });

export interface HostProcessOptions {
  /** The app's settings, as environment variables. */
  readonly env: Readonly<Record<string, string>>;
  /** Folder with host.json and package.json, whose `main` is the app. @default this project */
  readonly project?: string;
  /** @default a free port */
  readonly port?: number;
  /** The host itself. @default its source, which is compiled at every start */
  readonly script?: string;
  /** Receives the host's log line by line. */
  readonly onErrorLine?: (line: string) => void;
}

export interface HostProcess extends Omit<Child<unknown>, 'ready'> {
  /** For example `http://127.0.0.1:7071`, without the route prefix. */
  readonly baseUrl: string;
  /** Names of the app's functions. */
  readonly functions: readonly string[];
  readonly status: () => Promise<HostStatus>;
  /** Starts a timer or queue function, which keeps running after this resolves. @throws {Error} when it does not exist. */
  readonly run: (name: string, input?: string) => Promise<void>;
}

/** Its path. */
export const hostSource = fileURLToPath(new URL('host/main.ts', import.meta.url));

/** @throws {Error} with one line when the host does not start, for example because the port is in use. */
export async function startHost(options: HostProcessOptions): Promise<HostProcess> {
  const { ready, ...child } = await startChild({
    name: 'The local host',
    script: options.script ?? hostSource,
    args: ['--project', options.project ?? projectFolder, '--port', String(options.port ?? 0)],
    env: options.env,
    readyWhen: readReadyLine,
    ...(options.onErrorLine === undefined ? {} : { onErrorLine: options.onErrorLine }),
  });
  return {
    ...child,
    ...ready,
    status: async () =>
      hostStatusSchema.parse(await (await fetch(`${ready.baseUrl}/admin/host/status`, limited())).json()),
    run: (name, input = '') => runFunction(ready.baseUrl, name, input),
  };
}

function readReadyLine(line: string): z.infer<typeof readySchema> | undefined {
  return line.startsWith('{"baseUrl"') ? readySchema.parse(JSON.parse(line)) : undefined;
}

/** A host that hangs must not hang what asks it. */
const limited = () => ({ signal: AbortSignal.timeout(10_000) });

async function runFunction(baseUrl: string, name: string, input: string): Promise<void> {
  const response = await fetch(`${baseUrl}/admin/functions/${name}`, {
    ...{ method: 'POST', ...limited() },
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ input }),
  });
  if (response.status !== 202) throw new Error(`The local host has no timer or queue function ${name}`);
}
