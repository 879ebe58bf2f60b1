/** Stand-ins of the desks: what their documents say about tickets, notes, and how tickets are found. */
import * as z from 'zod';
import { anySecret, startStandIn, type Answer, type ReceivedRequest, type StandIn } from './stand-in.ts';

export interface Ticket {
  readonly id: string;
  readonly company: string;
  readonly summary: string;
  readonly text: string;
  readonly notes: readonly string[];
  readonly isClosed: boolean;
}

export interface DeskStandIn extends StandIn {
  readonly tickets: readonly Ticket[];
  /** As a technician does. */
  readonly closeAll: () => void;
}

interface Row extends Omit<Ticket, 'notes' | 'isClosed'> {
  readonly key: string;
  readonly notes: string[];
  isClosed: boolean;
}

/** One of the calls that a desk takes; undefined if the request is another one. */
type Route = (rows: Row[], request: ReceivedRequest, body: unknown) => Answer | undefined;

async function startDesk(
  signIn: (request: ReceivedRequest) => Answer | undefined,
  routes: readonly Route[],
  refusal: Answer,
): Promise<DeskStandIn> {
  const rows: Row[] = [];
  const serve = (request: ReceivedRequest): Answer => {
    const refused = signIn(request);
    if (refused !== undefined) return refused;
    const body: unknown = request.text === '' ? undefined : JSON.parse(request.text);
    for (const route of routes) {
      const answer = route(rows, request, body);
      if (answer !== undefined) return answer;
    }
    return { status: 404 };
  };
  const standIn = await startStandIn(serve, refusal);
  const closeAll = () => {
    for (const row of rows) row.isClosed = true;
  };
  return { ...standIn, tickets: rows, closeAll };
}

const rowOf = (rows: readonly Row[], id: unknown) => rows.find((each) => each.id === String(id));

function added(
  rows: Row[],
  row: Omit<Row, 'id' | 'notes' | 'isClosed'>,
  id = String(rows.length + 1),
): Answer & { id: string } {
  rows.push({ ...row, id, notes: [], isClosed: false });
  return { status: 201, id };
}

function closed(rows: readonly Row[], id: unknown): void {
  const row = rowOf(rows, id);
  if (row !== undefined) row.isClosed = true;
}

const connectWiseTicket = z.strictObject({
  summary: z.string().max(100),
  ...{ initialDescription: z.string(), externalXRef: z.string() },
  ...{ board: z.object({ id: z.literal(5) }), company: z.object({ id: z.int() }) },
});
const connectWiseChange = z.tuple([
  z.object({
    ...{ op: z.literal('replace'), path: z.literal('status') },
    value: z.object({ id: z.literal(17) }),
  }),
]);
const connectWiseNote = z.object({ text: z.string(), internalAnalysisFlag: z.literal(true) });

const connectWisePath = /^\/v4_6_release\/apis\/3\.0\/service\/tickets(?:\/(\d+))?(\/notes)?$/;

const connectWiseRoutes: readonly Route[] = [
  (rows, { method, url }, body) => {
    const [, id, notes] = connectWisePath.exec(url.pathname) ?? [];
    if (notes === undefined) return undefined;
    const all = rowOf(rows, id)?.notes ?? [];
    if (method === 'GET') return { status: 200, body: all.map((text, at) => ({ id: at + 1, text })) };
    all.push(connectWiseNote.parse(body).text);
    return { status: 201, body: { id: all.length } };
  },
  (rows, { method, url }) => {
    if (method !== 'GET' || !connectWisePath.test(url.pathname)) return undefined;
    const key = /^externalXRef="(\w+)"$/.exec(url.searchParams.get('conditions') ?? '')?.[1];
    const found = rows.filter((each) => each.key === key).slice(-1);
    return { status: 200, body: found.map(({ id, isClosed }) => ({ id: Number(id), closedFlag: isClosed })) };
  },
  (rows, { method, url }, body) => {
    if (method !== 'PATCH') return undefined;
    connectWiseChange.parse(body);
    const id = connectWisePath.exec(url.pathname)?.[1];
    closed(rows, id);
    return { status: 200, body: { id: Number(id) } };
  },
  (rows, _request, body) => {
    const { externalXRef: key, company, summary, initialDescription: text } = connectWiseTicket.parse(body);
    const { id, status } = added(rows, { key, company: String(company.id), summary, text });
    return { status, body: { id: Number(id) } };
  },
];

export function startConnectWise(): Promise<DeskStandIn> {
  const user = Buffer.from(`contoso+public:${anySecret}`).toString('base64');
  const signIn = ({ headers }: ReceivedRequest): Answer | undefined =>
    headers.authorization === `Basic ${user}` && headers['clientid'] !== undefined
      ? undefined
      : { status: 401 };
  return startDesk(signIn, connectWiseRoutes, {
    status: 400,
    body: { code: 'InvalidObject', message: 'ticket object is invalid', errors: [] },
  });
}

const autotaskTicket = z.strictObject({
  ...{ companyID: z.int(), queueID: z.literal(8), status: z.literal(1), externalID: z.string().max(50) },
  ...{ priority: z.union([z.literal(1), z.literal(2)]), title: z.string().max(255) },
  ...{ description: z.string().max(8000), dueDateTime: z.iso.datetime() },
});
const autotaskNote = z.object({
  ...{ title: z.string().max(250), description: z.string().max(32_000), noteType: z.int(), publish: z.int() },
});
const autotaskChange = z.object({ id: z.int(), status: z.literal(5) });
const autotaskQuery = z.object({
  filter: z.tuple([
    z.object({ op: z.literal('eq'), field: z.string(), value: z.union([z.string(), z.int()]) }),
  ]),
});

function askedOf(url: URL, entity: string) {
  if (url.pathname !== `/ATServicesRest/V1.0/${entity}/query`) return undefined;
  const search: unknown = JSON.parse(url.searchParams.get('search') ?? 'null');
  return autotaskQuery.parse(search).filter[0];
}

const autotaskRoutes: readonly Route[] = [
  (rows, { url }) => {
    const asked = askedOf(url, 'Tickets');
    if (asked === undefined) return undefined;
    const found = rows.filter((each) => asked.field === 'externalID' && each.key === asked.value);
    const items = found.map(({ id, isClosed }) => ({ id: Number(id), status: isClosed ? 5 : 1 }));
    return { status: 200, body: { items } };
  },
  (rows, { url }) => {
    const asked = askedOf(url, 'TicketNotes');
    if (asked === undefined) return undefined;
    const items = rowOf(rows, asked.value)?.notes.map((description) => ({ description }));
    return { status: 200, body: { items: items ?? [] } };
  },
  (rows, { url }, body) => {
    const id = /\/Tickets\/(\d+)\/Notes$/.exec(url.pathname)?.[1];
    if (id === undefined) return undefined;
    rowOf(rows, id)?.notes.push(autotaskNote.parse(body).description);
    return { status: 200, body: { itemId: 1 } };
  },
  (rows, { method }, body) => {
    if (method !== 'PATCH') return undefined;
    const { id } = autotaskChange.parse(body);
    closed(rows, id);
    return { status: 200, body: { itemId: id } };
  },
  (rows, _request, body) => {
    const { externalID: key, companyID, title: summary, description: text } = autotaskTicket.parse(body);
    const { id } = added(rows, { key, company: String(companyID), summary, text });
    return { status: 200, body: { itemId: Number(id) } };
  },
];

export function startAutotask(): Promise<DeskStandIn> {
  const signIn = ({ headers }: ReceivedRequest): Answer | undefined => {
    const given = [headers['username'], headers['secret'], headers['apiintegrationcode']];
    return given.join() === ['api@contoso.example', anySecret, anySecret].join()
      ? undefined
      : { status: 401 };
  };
  const refusal = { status: 500, body: { errors: ['Missing Required Field: with content'] } };
  return startDesk(signIn, autotaskRoutes, refusal);
}

const haloTicket = z.strictObject({
  ...{ summary: z.string().max(255), details: z.string(), tickettype_id: z.literal(3), client_id: z.int() },
});
const haloChange = z.strictObject({ id: z.int(), status_id: z.literal(9) });
const haloAction = z.object({
  ...{ ticket_id: z.int(), outcome_id: z.literal(7), note: z.string(), hiddenfromuser: z.literal(true) },
});

const shownByHalo = ({ id, summary, isClosed }: Row) => ({
  ...{ id: Number(id), summary, status_id: isClosed ? 9 : 1, hasbeenclosed: isClosed },
});

const haloRoutes: readonly Route[] = [
  (rows, { method, url }, body) => {
    if (url.pathname !== '/api/actions') return undefined;
    if (method === 'GET') {
      const notes = rowOf(rows, url.searchParams.get('ticket_id'))?.notes ?? [];
      return { status: 200, body: { actions: notes.map((note) => ({ note })) } };
    }
    const [{ ticket_id, note }] = z.tuple([haloAction]).parse(body);
    rowOf(rows, ticket_id)?.notes.push(note);
    return { status: 201, body: { id: 1 } };
  },
  (rows, { method, url }) => {
    const id = /^\/api\/Tickets\/(\d+)$/.exec(url.pathname)?.[1];
    if (method !== 'GET' || id === undefined) return undefined;
    const row = rowOf(rows, id);
    return row === undefined ? { status: 404 } : { status: 200, body: shownByHalo(row) };
  },
  (rows, { method, url }) => {
    if (method !== 'GET') return undefined;
    // It searches for words: what resembles them is found, too.
    const words = (url.searchParams.get('search') ?? '').slice(0, 6);
    const tickets = rows.filter((each) => each.summary.includes(words)).map(shownByHalo);
    return { status: 200, body: { record_count: tickets.length, tickets } };
  },
  (rows, _request, body) => {
    const [given] = z.tuple([z.union([haloChange, haloTicket])]).parse(body);
    if ('id' in given) {
      closed(rows, given.id);
      return { status: 201, body: { id: given.id } };
    }
    const { summary, details: text, client_id } = given;
    const { id, status } = added(rows, { key: summary, company: String(client_id), summary, text });
    return { status, body: { id: Number(id) } };
  },
];

/** Its tokens end: every one is taken for two requests. */
export function startHaloPsa(): Promise<DeskStandIn> {
  let [issued, uses] = [0, 0];
  const signIn = ({ url, headers, text }: ReceivedRequest): Answer | undefined => {
    if (url.pathname !== '/auth/token')
      return headers.authorization === `Bearer halo-${issued}` && uses++ < 2 ? undefined : { status: 401 };
    const form = new URLSearchParams(text);
    if (form.get('client_secret') !== anySecret || form.get('scope') !== 'all') return { status: 401 };
    [issued, uses] = [issued + 1, 0];
    return { status: 200, body: { access_token: `halo-${issued}`, expires_in: 3600 } };
  };
  return startDesk(signIn, haloRoutes, {
    status: 400,
    body: { ClassName: 'Exception', Message: 'with content' },
  });
}

const incident = z.strictObject({
  ...{ short_description: z.string().max(160), description: z.string().max(4000) },
  ...{ correlation_id: z.string().max(100), correlation_display: z.string(), company: z.string().length(32) },
  ...{ urgency: z.enum(['1', '2', '3']), impact: z.enum(['1', '2', '3']) },
});
const incidentChange = z.union([
  z.strictObject({ work_notes: z.string() }),
  z.strictObject({ state: z.literal('7'), close_code: z.string(), close_notes: z.string().max(4000) }),
]);
const journalQuery = /^element_id=(\w+)\^element=work_notes\^valueLIKE(.+)$/;

const serviceNowRoutes: readonly Route[] = [
  (rows, { url }) => {
    if (url.pathname !== '/api/now/table/sys_journal_field') return undefined;
    const [, id, part = ''] = journalQuery.exec(url.searchParams.get('sysparm_query') ?? '') ?? [];
    const found = rowOf(rows, id)?.notes.filter((note) => note.includes(part)) ?? [];
    return { status: 200, body: { result: found.map(() => ({ sys_id: '1' })) } };
  },
  (rows, { method, url }) => {
    if (method !== 'GET') return undefined;
    const query = url.searchParams.get('sysparm_query') ?? '';
    const key = /^correlation_id=(\w+)\^ORDERBYDESC/.exec(query)?.[1];
    const found = rows.filter((each) => each.key === key).slice(-1);
    const result = found.map(({ id, isClosed }) => ({ sys_id: id, active: String(!isClosed) }));
    return { status: 200, body: { result } };
  },
  (rows, { method, url }, body) => {
    if (method !== 'PATCH') return undefined;
    const id = /^\/api\/now\/table\/incident\/(\w+)$/.exec(url.pathname)?.[1];
    const change = incidentChange.parse(body);
    if ('work_notes' in change) rowOf(rows, id)?.notes.push(change.work_notes);
    else closed(rows, id);
    return { status: 200, body: { result: { sys_id: id } } };
  },
  (rows, _request, body) => {
    const {
      correlation_id: key,
      company,
      short_description: summary,
      description: text,
    } = incident.parse(body);
    const sysId = (rows.length + 1).toString(16).padStart(32, '0');
    const { id, status } = added(rows, { key, company, summary, text }, sysId);
    return { status, body: { result: { sys_id: id, number: 'INC1' } } };
  },
];

export function startServiceNow(): Promise<DeskStandIn> {
  const signIn = ({ url, headers, text }: ReceivedRequest): Answer | undefined => {
    if (url.pathname !== '/oauth_token.do')
      return headers.authorization === 'Bearer now' ? undefined : { status: 401 };
    const isKnown = new URLSearchParams(text).get('client_secret') === anySecret;
    return isKnown ? { status: 200, body: { access_token: 'now', expires_in: 1799 } } : { status: 401 };
  };
  const refusal = { status: 400, body: { error: { message: 'with content' }, status: 'failure' } };
  return startDesk(signIn, serviceNowRoutes, refusal);
}
