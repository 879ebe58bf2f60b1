/** Two hosts of the deployed app over one storage account, in processes that can be killed. */
import { pathToFileURL } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import getPort from 'get-port';
import { instanceOptions } from '../resources.ts';
import { startHost, type HostProcess } from '../../local/host-process.ts';
import type { HostClock, WorldClock } from './clocks.ts';

/** What hosts are made of. */
export interface HostParts {
  /** Folder of the built app. */
  readonly folder: string;
  /** The local host as one JavaScript file. */
  readonly script: string;
  /** Loaded before the app. */
  readonly preloaded: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export interface Host {
  /** The same after every restart. */
  readonly baseUrl: string;
  readonly clock: HostClock;
  /** Ends it in the middle of whatever it does, and starts another one in its place. */
  readonly kill: () => Promise<void>;
  /** Starts a timer function; what happens while the host is down is not an error. */
  readonly run: (name: string) => Promise<void>;
  /** False while it is down, or a timer or queue function runs: requests of witnesses never end. */
  readonly isIdle: () => Promise<boolean>;
  /** The most memory that any of its processes had, in MiB. */
  readonly peakMb: () => number;
  readonly stop: () => Promise<void>;
}

export async function startWorldHost(name: string, parts: HostParts, world: WorldClock): Promise<Host> {
  const [port, clock] = [await getPort({ host: '127.0.0.1' }), world.createHostClock(name)];
  const imports = parts.preloaded.map((path) => `--import ${pathToFileURL(path).href}`);
  const nodeOptions = [...instanceOptions, ...imports].join(' ');
  const env = { ...parts.env, CHAOS_CLOCK_FILE: clock.file, NODE_OPTIONS: nodeOptions };
  const start = () => startHost({ project: parts.folder, script: parts.script, port, env });
  let [current, peakMb]: [HostProcess, number] = [await start(), 0];
  let restarting: Promise<void> = Promise.resolve();
  const restart = async () => {
    current.kill();
    await current.ended;
    current = await start();
  };
  const isIdle = async () => {
    const status = await current.status().catch(() => undefined);
    peakMb = Math.max(peakMb, status?.peakRssMb ?? 0);
    return status?.working === false;
  };
  return {
    ...{ baseUrl: `http://127.0.0.1:${port}`, clock, isIdle },
    kill: async () => {
      restarting = restarting.then(restart);
      await restarting;
    },
    run: async (timer) => {
      await current.run(timer).catch(ignore);
    },
    peakMb: () => peakMb,
    stop: async () => {
      await restarting.catch(() => undefined);
      await isIdle();
      await current.stop();
    },
  };
}

function ignore(): void {
  // The host is down, or busy: the next round tries it again.
}

/** Resolves when all of them have been idle twice in a row, or after so long. @returns whether they are */
export async function whenIdle(hosts: readonly Host[], limitMs: number): Promise<boolean> {
  const deadline = performance.now() + limitMs;
  let times = 0;
  while (performance.now() < deadline) {
    const idle = await Promise.all(hosts.map((host) => host.isIdle()));
    times = idle.every(Boolean) ? times + 1 : 0;
    if (times === 2) return true;
    await delay(150);
  }
  return false;
}
