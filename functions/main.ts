/** Reads the environment and registers every function; nothing else does either. */
import { app } from '@azure/functions';
import { functionName } from '../shared/api/operation.ts';
import { serve } from '../shared/http/serve.ts';
import { composeApp } from './dependencies.ts';
import { httpHandlers } from './handlers.ts';
import { observeInvocations } from './invocations.ts';
import { queues } from './queues.ts';
import { timers } from './timers.ts';

const { deps, monitor, scope } = composeApp(process.env);

// Files do not fit into memory.
app.setup({ enableHttpStream: true });

app.hook.preInvocation(observeInvocations({ ...monitor, scope }));
app.hook.appTerminate(monitor.flush);

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
    handler: (message) => run(deps, message, newBudget(budgetMs)),
  });
}

for (const bound of httpHandlers) {
  const { operation } = bound;
  app.http(functionName(operation), {
    methods: [operation.method],
    route: operation.route,
    authLevel: 'anonymous',
    handler: serve(deps, bound),
  });
}
