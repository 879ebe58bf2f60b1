import { expect, it } from 'vitest';
import { enablementRequestSchema, stepNames, stepsOf } from '../../../shared/enablement/enablement.ts';
import { steps } from '../../../shared/enablement/steps.ts';
import { createEnablementWorld } from '../../support/enablement-world.ts';
import { recordLastArguments } from '../../support/record-budgets.ts';
import { makeWrong } from '../../support/wrong-world.ts';

it.each(stepNames)('the step %s passes its budget to every call to Microsoft', async (name) => {
  const world = createEnablementWorld();
  makeWrong(world);
  const request = enablementRequestSchema.parse({ removeBypasses: true });
  const stored = stepsOf(request).find((step) => step.name === name);
  if (stored === undefined) throw new Error(`There is no step ${name}.`);
  const calls: (readonly [string, unknown])[] = [];
  const budget = world.clock.startBudget(0);
  await steps[name](
    {
      tenant: world.tenant,
      request,
      exchange: recordLastArguments(world.exchange, calls),
      feed: recordLastArguments(world.feed, calls),
      now: world.clock.now,
      keep: () => Promise.resolve(),
      budget,
      ensureNewest: () => Promise.resolve(),
    },
    stored,
  );
  expect(calls.length).toBeGreaterThan(1);
  expect(calls.filter(([, last]) => last !== budget)).toEqual([]);
});
