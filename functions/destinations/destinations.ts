/** Destinations: where records are sent on to. */
import { sharedSpace } from '../../shared/access/owner.ts';
import { readableSet } from '../../shared/access/open-tenants.ts';
import type { Access, Caller } from '../../shared/access/access.ts';
import * as api from '../../shared/api/destinations.ts';
import { discardLetters, type DeadLetterStore } from '../../shared/destinations/dead-letter.ts';
import {
  findDestination,
  type DestinationStore,
  type NamedSearch,
} from '../../shared/destinations/destination.ts';
import {
  changeDestination,
  createDestination,
  deleteDestination,
  type DeleteDestinationDeps,
  type ManageDestinationsDeps,
} from '../../shared/destinations/manage.ts';
import { completeProgressOf, type CompleteProgressDeps } from '../../shared/destinations/progress.ts';
import {
  publicDestination,
  publicLetter,
  publicProgressOfAll,
} from '../../shared/destinations/public-destination.ts';
import { testDestination, type TestDestinationDeps } from '../../shared/destinations/test-destination.ts';
import { handler } from '../../shared/http/handler.ts';
import { addressOf } from '../../shared/http/request.ts';

interface ReadDeps {
  readonly destinations: Pick<DestinationStore, 'get' | 'list'>;
}

interface AccessDeps {
  readonly access: Pick<Access, 'openTenant' | 'requireAllTenants'>;
}

export const listDestinationsHandler = handler(
  api.listDestinations,
  async ({ destinations }: ReadDeps, { reply }) =>
    reply(200, { value: (await destinations.list()).map(publicDestination) }),
);

export const createDestinationHandler = handler(
  api.createDestination,
  async (deps: ManageDestinationsDeps & AccessDeps, { request, caller, body, reply }) => {
    const { tenants: terms, search, startDateTime: since, endDateTime: until, ...rest } = body;
    const tenants = await readableSet(deps.access, caller, terms);
    const created = await createDestination(deps, {
      ...rest,
      search: searchOf(caller, search),
      tenants: terms && tenants,
      since,
      until,
      createdBy: caller.id,
    });
    return reply(201, publicDestination(created), { Location: addressOf(request, created.destinationId) });
  },
);

/** One that the caller shares with all who may read the records of all tenants. */
function searchOf(caller: Caller, name: string | undefined): NamedSearch | undefined {
  return name === undefined ? undefined : { owner: sharedSpace(caller).owner, name };
}

export const getDestinationHandler = handler(
  api.getDestination,
  async ({ destinations }: ReadDeps, { path, reply }) =>
    reply(200, publicDestination(await findDestination(destinations, path.destinationId))),
);

export const changeDestinationHandler = handler(
  api.changeDestination,
  async (deps: ManageDestinationsDeps & AccessDeps, { caller, path, body, reply }) => {
    const { tenants: terms, search, ...patch } = body;
    // Also without terms: where records go is decided by those who may read them.
    const tenants = await readableSet(deps.access, caller, terms);
    const changed = await changeDestination(deps, path.destinationId, {
      ...patch,
      search: searchOf(caller, search),
      tenants: terms && tenants,
    });
    return reply(200, publicDestination(changed));
  },
);

export const deleteDestinationHandler = handler(
  api.deleteDestination,
  async (deps: DeleteDestinationDeps, { path, reply }) => {
    await deleteDestination(deps, path.destinationId);
    return reply(204);
  },
);

export const testDestinationHandler = handler(
  api.testDestination,
  async (deps: TestDestinationDeps, { path, reply }) => {
    const steps = await testDestination(deps, path.destinationId);
    const succeeded = steps.length > 0 && steps.every((step) => step.succeeded);
    return reply(200, { succeeded, steps: [...steps] });
  },
);

export const listDestinationTenantsHandler = handler(
  api.listDestinationTenants,
  async (deps: ReadDeps & CompleteProgressDeps, { path, reply }) => {
    const destination = await findDestination(deps.destinations, path.destinationId);
    return reply(200, publicProgressOfAll(await completeProgressOf(deps, destination)));
  },
);

/** In one answer. */
const maxLetters = 1000;

export const listDeadLettersHandler = handler(
  api.listDeadLetters,
  async (
    { destinations, deadLetters }: ReadDeps & { readonly deadLetters: Pick<DeadLetterStore, 'list'> },
    { path, reply },
  ) => {
    const { destinationId } = await findDestination(destinations, path.destinationId);
    return reply(200, { value: (await deadLetters.list(destinationId, maxLetters)).map(publicLetter) });
  },
);

export const discardDeadLettersHandler = handler(
  api.discardDeadLetters,
  async (
    { destinations, deadLetters }: ReadDeps & { readonly deadLetters: DeadLetterStore },
    { path, reply },
  ) => {
    const { destinationId } = await findDestination(destinations, path.destinationId);
    await discardLetters(deadLetters, destinationId);
    return reply(204);
  },
);

export const replayDeadLettersHandler = handler(
  api.replayDeadLetters,
  async ({ destinations, queues }: ReadDeps & Pick<ManageDestinationsDeps, 'queues'>, { path, reply }) => {
    const { destinationId } = await findDestination(destinations, path.destinationId);
    await queues.requestSending({ version: 1, destinationId, replay: true });
    return reply(202);
  },
);
