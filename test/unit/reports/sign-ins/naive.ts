/**
 * What the report on sign-ins must say, counted with plain loops over the texts of records: nothing of its collectors is used, nor the
 * tables of errors.
 */
import { expect } from 'vitest';
import { isObject, parseJson, type JsonObject } from '../../../../shared/json.ts';
import type { Section } from '../../../../shared/reports/document.ts';
import { rowsOf, type StoredRecord } from '../driven-kind.ts';

const hourMs = 60 * 60_000;
const interrupts = ['50058', '50072', '50074', '50076', '50079', '50089', '50097', '50125', '50132', '50133'];
const moreInterrupts = ['50140', '50158', '50173', '50199', '65001', '70008', '70043', '70044', '500133'];
const ofApplications = ['16000', '50011', '50020', '50105', '50129', '51004', '65004', '81010', '90072'];
const isInterrupt = (number: string) => [...interrupts, ...moreInterrupts, '700082'].includes(number);
const isAttempt = (number: string) =>
  !isInterrupt(number) && ![...ofApplications, '90094', '90095', '700016', '7000218'].includes(number);

/** A record as plain loops know it. */
interface Plain {
  readonly at: number;
  readonly person: string;
  readonly address: string;
  readonly hasFailed: boolean;
  readonly error: string;
  /** Why it failed, in words. */
  readonly reason: string;
  /** Old protocol or confirmed application; empty for others. */
  readonly way: string;
}

/** What Microsoft's list says of failures that are not interrupts; of those that occur here. */
const words: Readonly<Record<string, string>> = {
  '50011': 'the redirect address is not registered for the application',
  '50053': 'the account is locked after too many attempts, or the address is known for attacks',
  '50055': 'the password has expired',
  '50126': 'the user name or password is wrong',
  '53003': 'conditional access blocked it',
  '500121': 'multifactor authentication was not passed',
};

const names: Readonly<Record<string, string>> = { UserStrongAuthClientAuthNRequiredInterrupt: '50074' };

function plainOf({ record, text }: StoredRecord): readonly Plain[] {
  const fields = parseJson(text.toString('utf8'));
  if (!isObject(fields) || !/^UserLog(gedIn|inFailed)$/.test(textIn(fields, 'Operation'))) return [];
  const key = textIn(fields, 'UserKey').toLowerCase();
  const person = /^[0-9a-f-]{36}$/.test(key) ? key : textIn(fields, 'UserId').toLowerCase();
  const { clientIp = '' } = record.summary;
  const error = textIn(fields, 'ErrorNumber') || (names[textIn(fields, 'LogonError')] ?? '');
  const one = {
    at: record.createdDateTime.getTime(),
    person,
    address: clientIp === '0.0.0.0' ? '' : clientIp,
    hasFailed: textIn(fields, 'Operation') === 'UserLoginFailed',
    error,
    reason: words[error] ?? (textIn(fields, 'LogonError') || `error ${error}`),
    way: wayIn(fields),
  };
  return person === 'unknown' ? [] : [one];
}

function wayIn({ ExtendedProperties }: JsonObject): string {
  const all: readonly unknown[] = Array.isArray(ExtendedProperties) ? ExtendedProperties : [];
  const values = all.map((one) => (isObject(one) ? `${textIn(one, 'Name')}=${textIn(one, 'Value')}` : ''));
  const protocol = values.map((one) => /^UserAgent=.*?(BAV2ROPC|CBAInPROD|CBAInTAR)/.exec(one)?.[1]);
  const old = protocol.find((one) => one !== undefined);
  if (old !== undefined) return `old protocol, password only (${old})`;
  return values.includes('RequestType=Cmsi:Cmsi') ? 'confirmed application, as with a device code' : '';
}

function textIn(fields: JsonObject, name: string): string {
  const value = fields[name];
  return typeof value === 'string' ? value : '';
}

/** Addresses that begin with `::` have nothing but zeros in their first half. */
const networkOf = (address: string) =>
  address
    .replace(/\.\d+$/, '.0/24')
    .replace(/^::.*$/, '::/48')
    .replace(/^([^:]+:[^:]+:[^:]+):.*$/, '$1::/48');
const distinct = <T>(values: readonly T[]) => [...new Set(values)];

/** For each of the keys, what the records with it are. */
function by(records: readonly Plain[], keyOf: (one: Plain) => string): readonly (readonly Plain[])[] {
  return distinct(records.map(keyOf)).map((key) => records.filter((one) => keyOf(one) === key));
}

export interface Compared {
  readonly from: number;
  readonly to: number;
  readonly isWhole: boolean;
}

/** Rows `severity address-or-person failures signedIn`, sorted. */
function plainFindings(all: readonly Plain[], { from, to, isWhole }: Compared): readonly string[] {
  const inRange = all.filter(({ at }) => at >= from && at < to);
  const attempts = inRange.filter(({ hasFailed, error }) => hasFailed && isAttempt(error));
  const past = all.filter(({ at, hasFailed }) => !hasFailed && at < from && at >= pastOf(from));
  const isUsual = (person: string, address: string) =>
    past.some((one) => one.person === person && networkOf(one.address) === networkOf(address));
  const followersOf = (episodes: readonly (readonly Plain[])[], isOne: (one: Plain) => boolean) => {
    const isAfter = (at: number, episode: readonly Plain[]) => {
      const times = episode.map((one) => one.at);
      return at >= Math.min(...times) && at < Math.max(...times) + 24 * hourMs;
    };
    const after = inRange.filter(
      ({ at, hasFailed }) => !hasFailed && episodes.some((episode) => isAfter(at, episode)),
    );
    const strangers = after.filter((one) => isOne(one) && !isUsual(one.person, one.address));
    return distinct(strangers.map(({ person }) => person)).length;
  };
  const grave = (signedIn: number, isProbablyNone: boolean) =>
    signedIn > 0 ? (isWhole ? 'critical' : 'warning') : isProbablyNone ? 'notice' : 'warning';
  const sprays = by(
    attempts.filter(({ address }) => address !== ''),
    ({ address }) => address,
  ).flatMap((own) => {
    const days = by(own, ({ at }) => new Date(at).toISOString().slice(0, 10));
    const episodes = days.filter((day) => distinct(day.map(({ person }) => person)).length >= 5);
    const found = episodes.flat();
    const [{ address } = { address: '' }] = found;
    if (address === '') return [];
    const signedIn = followersOf(episodes, (one) => one.address === address);
    const strangers = distinct(found.map(({ person }) => person)).filter((one) => !isUsual(one, address));
    return [[grave(signedIn, strangers.length < 5), address, found.length, signedIn].join(' ')];
  });
  const inHours = (wanted: readonly Plain[], least: number, isRefusal: boolean) =>
    by(wanted, ({ person }) => person).flatMap((own) => {
      const hours = by(own, ({ at }) => String(Math.floor(at / hourMs)));
      const episodes = hours.filter((hour) => hour.length >= least);
      const found = episodes.flat();
      const [{ person } = { person: '' }] = found;
      if (person === '') return [];
      const addresses = distinct(found.map(({ address }) => address));
      const signedIn = followersOf(
        isRefusal ? episodes.map((episode) => spanned(attempts, episode)) : episodes,
        (one) => one.person === person && one.address !== '' && addresses.includes(one.address),
      );
      const isKnown = !isRefusal && addresses.every((address) => address !== '' && isUsual(person, address));
      return [[grave(signedIn, isKnown), person, found.length, signedIn].join(' ')];
    });
  const refusals = attempts.filter(({ error }) => error === '500121');
  return [...sprays, ...inHours(attempts, 10, false), ...inHours(refusals, 5, true)].toSorted();
}

/** All attempts of the same person in the same hours from the same addresses. */
function spanned(attempts: readonly Plain[], found: readonly Plain[]): readonly Plain[] {
  const keyOf = ({ person, address, at }: Plain) => `${person} ${address} ${Math.floor(at / hourMs)}`;
  const keys = new Set(found.map(keyOf));
  return attempts.filter((one) => keys.has(keyOf(one)));
}

function pastOf(from: number): number {
  return Date.parse(new Date(from).toISOString().slice(0, 10)) - 28 * 24 * hourMs;
}

/** Rows `person network new signIns`, sorted. */
function plainNetworks(all: readonly Plain[], { from, to, isWhole }: Compared): readonly string[] {
  const signedIn = all.filter(({ hasFailed }) => !hasFailed);
  const past = signedIn.filter(({ at }) => at < from && at >= pastOf(from));
  const inRange = signedIn.filter(({ at, address }) => at >= from && at < to && address !== '');
  return by(inRange, ({ person, address }) => `${person} ${networkOf(address)}`)
    .map((own) => {
      const [{ person, address } = { person: '', address: '' }] = own;
      const before = past.filter((one) => one.person === person);
      const isKnown = before.some((one) => networkOf(one.address) === networkOf(address));
      const unknown = isWhole ? (before.length === 0 ? 'no sign-in before' : 'yes') : 'unknown';
      return [person, networkOf(address), isKnown ? 'no' : unknown, own.length].join(' ');
    })
    .toSorted();
}

const wayRow = (idOf: (name: unknown) => string) => (row: ReturnType<typeof rowsOf>[number]) =>
  [idOf(row['person']), row['way'], row['signIns'], row['failures']].join(' ');

/** Rows `person way signIns failures`, sorted. */
function plainWays(inRange: readonly Plain[]): readonly string[] {
  const used = inRange.filter(
    ({ way, hasFailed, error }) => way !== '' && !(hasFailed && isInterrupt(error)),
  );
  return by(used, ({ person, way }) => `${person} ${way}`)
    .map((own) => {
      const failed = own.filter(({ hasFailed }) => hasFailed).length;
      return [own[0]?.person, own[0]?.way, own.length - failed, failed].join(' ');
    })
    .toSorted();
}

/** Expects everything that plain loops find in the same records, and nothing else. */
export function expectPlain(
  sections: readonly Section[],
  stored: readonly StoredRecord[],
  compared: Compared,
) {
  const all = stored.flatMap(plainOf);
  const ids = new Map(
    stored.flatMap((one) => plainOf(one).map(({ person }) => [one.record.summary.userId ?? '', person])),
  );
  const idOf = (name: unknown) => ids.get(String(name)) ?? String(name);
  const networks = rowsOf(sections, 'networks').map((row) =>
    [idOf(row['person']), row['network'], row['isNew'], row['signIns']].join(' '),
  );
  expect(networks.toSorted()).toEqual(plainNetworks(all, compared));
  const findings = rowsOf(sections, 'findings').map((row) => {
    const isSpray = row['kind'] === 'many people from one address';
    const subject = isSpray ? row['clientIp'] : idOf(row['person']);
    return [row['severity'], subject, row['failures'], row['signedIn']].join(' ');
  });
  expect(findings.toSorted()).toEqual(plainFindings(all, compared));
  const inRange = all.filter(({ at }) => at >= compared.from && at < compared.to);
  const failures = inRange.filter(({ hasFailed, error }) => hasFailed && !isInterrupt(error));
  const counted = rowsOf(sections, 'failures').map((row) =>
    [idOf(row['person']), row['reason'], row['failures'], row['first'], row['last']].join(' '),
  );
  const expected = by(failures, ({ person, reason }) => `${person} ${reason}`).map((own) => {
    const times = own.map(({ at }) => at);
    const span = [Math.min(...times), Math.max(...times)].map((at) => new Date(at).toISOString());
    return [own[0]?.person, own[0]?.reason, own.length, ...span].join(' ');
  });
  expect(counted.toSorted()).toEqual(expected.toSorted());
  const interrupted = inRange.filter(({ hasFailed, error }) => hasFailed && isInterrupt(error)).length;
  const said = sections.find(({ name }) => name === 'failures')?.paragraphs.join(' ');
  expect(said).toContain(`does not count as a failure: ${interrupted} records.`);
  expect(rowsOf(sections, 'ways').map(wayRow(idOf)).toSorted()).toEqual(plainWays(inRange));
  const bars = sections.flatMap(({ charts }) => charts).flatMap(({ series }) => series);
  const sum = bars.flatMap(({ values }) => values).reduce((total, value) => total + value, 0);
  expect(sum).toBe(inRange.length + failures.length);
  return { findings: findings.length, failures: failures.length, networks: networks.length };
}
