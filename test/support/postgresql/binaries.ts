/** PostgreSQL as Debian installs it, or as it is on the path. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const debian = '/usr/lib/postgresql';

/** The folder of the newest server that is installed; undefined where there is none (Debian: `apt-get install postgresql`). */
export function findPostgresql(): string | undefined {
  const versions = existsSync(debian) ? readdirSync(debian) : [];
  const folders = versions
    .toSorted((a, b) => Number(b) - Number(a))
    .map((version) => join(debian, version, 'bin'));
  return [...folders, ...(process.env['PATH'] ?? '').split(':')].find((folder) =>
    ['initdb', 'postgres', 'psql'].every((name) => existsSync(join(folder, name))),
  );
}

/** Such as `postgres (PostgreSQL) 15.1`. */
export function versionOf(folder: string): string {
  return execFileSync(join(folder, 'postgres'), ['--version'], { encoding: 'utf8' }).trim();
}

/** What the tests of a file are called: it says so when there is no server for them. */
export function titleWith(folder: string | undefined, title: string): string {
  return folder === undefined
    ? `${title}: not tested, because there is no PostgreSQL (Debian: apt-get install postgresql)`
    : `${title}, with ${versionOf(folder)}`;
}

/** Who the server runs as; it refuses to run as root. Debian's package creates the user. */
export function serverUser(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (option: string) => Number(execFileSync('id', [option, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}
