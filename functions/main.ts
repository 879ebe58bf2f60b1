/** Reads the environment and registers every function; nothing else does either. */
import { app } from '@azure/functions';
import * as z from 'zod';
import { functionName, hostRoute, methodsOf } from '../shared/api/operation.ts';
import { pageAddresses, servePage } from '../shared/console/serve.ts';
import { keepingCause } from '../shared/poison/keep-cause.ts';
import { serve } from '../shared/http/serve.ts';
import { answerWrongAddress, wrongAddress } from '../shared/http/wrong-address.ts';
import { composeApp } from './dependencies.ts';
import { httpHandlers } from './handlers.ts';
import { observeInvocations } from './invocations.ts';
import { queues } from './queues.ts';
import { timers } from './timers.ts';

const { deps, monitor, scope, closing } = composeApp(process.env);

// Files do not fit into memory.
app.setup({ enableHttpStream: true });

app.hook.preInvocation(observeInvocations({ ...monitor, scope }));
app.hook.appTerminate(monitor.flush);
app.hook.appTerminate(() => deps.accessLog.flush());

/** The host says how often it has delivered a message. */
const metadataSchema = z.object({ dequeueCount: z.coerce.number().default(1) }).default({ dequeueCount: 1 });

const newBudget = (budgetMs = deps.budgetMs) => deps.startBudget(budgetMs);

for (const { name, schedule, run } of timers) {
  app.timer(name, {
    schedule,
    handler: async () => {
      await run(deps, newBudget());
    },
  });
}

for (const { name, queueName, run, budgetMs } of queues) {
  app.storageQueue(name, {
    queueName,
    connection: 'AzureWebJobsStorage',
    handler: (message, { triggerMetadata }) => {
      const { dequeueCount: deliveries } = metadataSchema.parse(triggerMetadata);
      return keepingCause(deps, { queue: queueName, message, deliveries }, () =>
        run(deps, message, { budget: newBudget(budgetMs), deliveries }),
      );
    },
  });
}

for (const bound of httpHandlers) {
  const { operation } = bound;
  app.http(functionName(operation), {
    methods: methodsOf(operation),
    route: hostRoute(operation),
    authLevel: 'anonymous',
    handler: closing(serve(deps, bound)),
  });
}

for (const address of pageAddresses) {
  app.http(address.name, {
    methods: ['GET', 'HEAD'],
    route: address.route,
    authLevel: 'anonymous',
    handler: closing(servePage(deps, address)),
  });
}

app.http(wrongAddress.name, {
  methods: [...wrongAddress.methods],
  route: wrongAddress.route,
  authLevel: 'anonymous',
  handler: closing(
    answerWrongAddress(
      deps,
      httpHandlers.map(({ operation }) => operation),
    ),
  ),
});
