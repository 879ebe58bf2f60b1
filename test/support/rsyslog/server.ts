/** A real rsyslog with TLS, as Debian packages it, with a configuration and a folder of its own. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import * as z from 'zod';
import { createServerCertificate } from '../../simulator/ca.ts';

const binary = '/usr/sbin/rsyslogd';
const libraries = '/usr/lib';
const driver = 'rsyslog/lmnsd_ossl.so';

/** Undefined, and said so, where it is not installed. */
export const rsyslogVersion = versionOf();

function versionOf(): string | undefined {
  if (!existsSync(binary) || !hasDriver()) {
    console.warn('Skipped: there is no rsyslog with TLS (apt-get install rsyslog rsyslog-openssl).');
    return undefined;
  }
  const [version] = execFileSync(binary, ['-v'], { encoding: 'utf8' }).split(' compiled');
  console.log(version);
  return version;
}

/** In the folder of this machine's architecture. */
function hasDriver(): boolean {
  return readdirSync(libraries).some((folder) => existsSync(join(libraries, folder, driver)));
}

const messageSchema = z.object({
  pri: z.string(),
  time: z.string(),
  host: z.string(),
  app: z.string(),
  id: z.string(),
  data: z.string(),
  msg: z.string(),
});
export type ReceivedMessage = z.output<typeof messageSchema>;

export interface Rsyslog {
  readonly ca: string;
  readonly port: number;
  /** In the order of arrival. */
  readonly messages: () => Promise<readonly ReceivedMessage[]>;
  readonly stop: () => Promise<void>;
}

export interface RsyslogOptions {
  /** Authority of the certificates that clients must have; by default they need none. */
  readonly clientCa?: string;
}

export async function startRsyslog({ clientCa }: RsyslogOptions = {}): Promise<Rsyslog> {
  const folder = await mkdtemp(join(tmpdir(), 'auditkeep-rsyslog-'));
  const { caPem, certificatePem, privateKeyPem } = await createServerCertificate();
  const at = (name: string) => join(folder, name);
  await writeFile(at('ca.pem'), clientCa ?? caPem);
  await writeFile(at('cert.pem'), certificatePem);
  await writeFile(at('key.pem'), privateKeyPem);
  await writeFile(at('rsyslog.conf'), configuration(folder, clientCa !== undefined));
  const server = spawn(binary, ['-n', '-f', at('rsyslog.conf'), '-i', at('pid')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  server.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const exited = once(server, 'exit');
  const stop = async () => {
    server.kill();
    await exited;
    await rm(folder, { recursive: true, force: true });
  };
  const port = await vi
    .waitFor(
      async () =>
        z.coerce
          .number()
          .min(1)
          .parse(await readFile(at('port'), 'utf8')),
      { timeout: 30_000, interval: 20 },
    )
    .catch(async (error: unknown) => {
      await stop();
      throw new Error(`rsyslog did not start: ${said}`, { cause: error });
    });
  return {
    ca: caPem,
    port,
    messages: async () => {
      const text = existsSync(at('messages')) ? await readFile(at('messages'), 'utf8') : '';
      const lines = text.split('\n').filter((line) => line !== '');
      return lines.map((line) => messageSchema.parse(JSON.parse(line)));
    },
    stop,
  };
}

/** Queues are direct: a connection is closed when its messages are in the file. */
function configuration(folder: string, needsClientCertificate: boolean): string {
  const properties = [
    ...[
      ['pri', 'pri'],
      ['time', 'timereported'],
      ['host', 'hostname'],
      ['app', 'app-name'],
    ],
    ...[
      ['id', 'msgid'],
      ['data', 'structured-data'],
      ['msg', 'msg'],
    ],
  ];
  return `
global(workDirectory="${folder}" maxMessageSize="64k"
  defaultNetstreamDriver="ossl" defaultNetstreamDriverCAFile="${folder}/ca.pem"
  defaultNetstreamDriverCertFile="${folder}/cert.pem" defaultNetstreamDriverKeyFile="${folder}/key.pem")
main_queue(queue.type="Direct")
template(name="line" type="list" option.jsonf="on") {
${properties.map(([name, property]) => `  property(outname="${name}" name="${property}" format="jsonf"${property === 'timereported' ? ' dateFormat="rfc3339"' : ''})`).join('\n')}
}
module(load="imtcp" streamDriver.name="ossl" streamDriver.mode="1"
  streamDriver.authMode="${needsClientCertificate ? 'x509/certvalid' : 'anon'}")
input(type="imtcp" address="127.0.0.1" port="0" listenPortFileName="${folder}/port")
action(type="omfile" file="${folder}/messages" template="line")
`;
}
