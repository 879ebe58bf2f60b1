/** What a user reads in a step when Microsoft Entra refuses the sign-in. */
import { describe, expect, it } from 'vitest';
import { classifySignInError } from '../../../shared/adapters/entra/sign-in-errors.ts';
import { minuteMs } from '../../support/clock.ts';
import { createEnablementWorld, stepOf } from '../../support/enablement-world.ts';

type Texts = readonly (readonly [numbers: readonly number[], text: RegExp])[];

const lasting: Texts = [
  [[7000215], /^The client secret is wrong: use its value, not its id\.$/],
  [[7000222], /^The client secret has expired: create a new one\.$/],
  [
    [700027, 50012, 50013, 500133],
    /was not uploaded, has the wrong key, has expired, or a clock is wrong\.$/,
  ],
  [[7000218, 700025], /does not accept this kind of credential\.$/],
  [
    [700016, 700011],
    /unknown in the tenant: give admin consent there, or check the tenant ID and client ID\.$/,
  ],
  [[7000229], /no service principal in the tenant: give admin consent\.$/],
  [[7000112, 70001], /^The application is disabled in the tenant\.$/],
  [[65001, 90094, 90095], /^No administrator has consented yet: send the admin consent link\.$/],
  [[65004], /^The administrator declined the consent\.$/],
  [[650051], /requests a permission that no longer exists\.$/],
  [
    [650052, 500011, 650057, 50001],
    /does not have the requested service.*no license for it, or the service is not set up yet\.$/,
  ],
  [[650056], /permission is missing from the app registration\.$/],
  [
    [90002, 900021, 900023],
    /^Microsoft has no tenant with this ID: check it, and whether the tenant is in another cloud\.$/,
  ],
  [[90038, 900382, 900432], /is in a national cloud: register it with that cloud\.$/],
  [[90099], /not authorized for this customer: consent through Partner Center\.$/],
  [[50194], /is single-tenant: make it multi-tenant\.$/],
  [[9001023, 50059, 50128], /^This kind of sign-in requires a tenant\.$/],
  [[70011, 700022], /^The scope is wrong/],
  [[53003, 530034, 500212, 500213], /Conditional Access or cross-tenant policy/],
  [[700229], /must be a managed identity in the same tenant as the app\.$/],
  // Of a person's own sign-in, which Auditkeep does not use.
  [[70000, 70008, 700082, 50173], /sign in/],
];

const passing: Texts = [[[90055, 90033, 90006], /^Microsoft Entra is busy\.$/]];

const casesOf = (texts: Texts) =>
  texts.flatMap(([numbers, text]) => numbers.map((number) => ({ number, text })));

/** The first step of an enablement after its first message. */
async function firstStepRefused(number: number, error = 'invalid_client') {
  const world = createEnablementWorld();
  world.exchange.refuse('readOrganization', classifySignInError({ error, errorCodes: [number] }, undefined));
  const { id } = await world.start({ dryRun: true });
  const started = world.clock.now();
  await world.deliver();
  const step = stepOf(await world.read(id), 'customization');
  return { step, lines: step.errorMessage?.split('\n') ?? [], started };
}

describe('a permanent sign-in error', () => {
  it.each(casesOf(lasting))('AADSTS$number', async ({ number, text }) => {
    const { step, lines } = await firstStepRefused(number);
    expect(step).toMatchObject({ status: 'Failed', errorCode: `AADSTS${number}` });
    expect(lines[0]).toMatch(text);
    expect(lines[1]).toBe('By hand:');
  });
});

describe('a transient sign-in error', () => {
  it.each(casesOf(passing))('AADSTS$number', async ({ number, text }) => {
    const { step, lines, started } = await firstStepRefused(number);
    expect(step).toMatchObject({ status: 'Waiting', errorCode: `AADSTS${number}`, attempts: 1 });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(text);
    const waitMs = Date.parse(step.nextAttemptDateTime ?? '') - started.getTime();
    expect(waitMs).toBeGreaterThan(0);
    expect(waitMs).toBeLessThan(minuteMs);
  });
});

it('an unknown number is reported by the name of its error, and waits where that says so', async () => {
  const unknown = await firstStepRefused(123456, 'invalid_resource');
  expect(unknown.lines[0]).toBe('Microsoft Entra refused to sign in (invalid_resource).');
  expect(unknown.step).toMatchObject({ status: 'Failed', errorCode: 'AADSTS123456' });
  const busy = await firstStepRefused(123457, 'temporarily_unavailable');
  expect(busy.step).toMatchObject({ status: 'Waiting', errorCode: 'AADSTS123457' });
});
