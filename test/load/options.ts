/** The command line of `npm run test:load`. */

export const usage = `Usage: npm run test:load -- [records]

Exports many records of one tenant, then runs all tests, the longest of them at their full sizes. Takes an hour or more.

  records  how many records to export (default: 500000)
  --help   this text`;

/**
 * @returns how many records to export; undefined where help is wanted
 * @throws {Error} with one line that names the invalid argument
 */
export function parseRecords(args: readonly string[]): number | undefined {
  if (args.includes('--help') || args.includes('-h')) return undefined;
  const [given = '500000', ...more] = args;
  const wrong = more[0] ?? (/^[1-9]\d*$/.test(given) ? undefined : given);
  if (wrong === undefined) return Number(given);
  throw new Error(`Invalid argument ${wrong}: npm run test:load -- --help lists what it takes`);
}
