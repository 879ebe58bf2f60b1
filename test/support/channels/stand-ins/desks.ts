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
  closeAll(): void;
}

interface Row extends Omit<Ticket, 'notes' | 'isClosed'> {
  readonly key: string;
  readonly notes: string[];
  isClosed: boolean;
}

type Serve = (rows: Row[], request: ReceivedRequest) => Answer;

async function startDesk(serve: Serve, refusal: Answer): Promise<DeskStandIn> {
  const rows: Row[] = [];
  const standIn = await startStandIn((request) => serve(rows, request), refusal);
  const closeAll = () => {
    for (const row of rows) row.isClosed = true;
  };
  return { ...standIn, tickets: rows, closeAll };
}

const added = (
  rows: Row[],
  row: Omit<Row, 'id' | 'notes' | 'isClosed'>,
  id = String(rows.length + 1),
): Row => {
  const created = { ...row, id, notes: [], isClosed: false };
  rows.push(created);
  return created;
};

const connectWiseTicket = z.strictObject({
  summary: z.string().max(100),
  ...{ initialDescription: z.string(), externalXRef: z.string() },
  ...{ board: z.object({ id: z.literal(5) }), company: z.object({ id: z.int() }) },
});

export function startConnectWise(): Promise<DeskStandIn> {
  const base = '/v4_6_release/apis/3.0/service/tickets';
  const user = Buffer.from(`contoso+public:${anySecret}`).toString('base64');
  return startDesk(
    (rows, { method, url, headers, text }) => {
      if (headers.authorization !== `Basic ${user}` || headers['clientid'] === undefined)
        return { status: 401 };
      const [, id, rest] = new RegExp(`^${base}(?:/(\\d+))?(/notes)?$`).exec(url.pathname) ?? [];
      const row = rows.find((each) => each.id === id);
      const body: unknown = text === '' ? undefined : JSON.parse(text);
      if (method === 'GET' && rest !== undefined)
        return { status: 200, body: (row?.notes ?? []).map((note, at) => ({ id: at + 1, text: note })) };
      if (method === 'GET') {
        const key = /^externalXRef="(\w+)"$/.exec(url.searchParams.get('conditions') ?? '')?.[1];
        const found = rows.filter((each) => each.key === key).reverse();
        return {
          status: 200,
          body: found.slice(0, 1).map((each) => ({ id: Number(each.id), closedFlag: each.isClosed })),
        };
      }
      if (rest !== undefined) {
        row?.notes.push(
          z.object({ text: z.string(), internalAnalysisFlag: z.literal(true) }).parse(body).text,
        );
        return { status: 201, body: { id: 1 } };
      }
      if (method === 'PATCH' && row !== undefined) {
        z.tuple([
          z.object({
            op: z.literal('replace'),
            path: z.literal('status'),
            value: z.object({ id: z.literal(17) }),
          }),
        ]).parse(body);
        row.isClosed = true;
        return { status: 200, body: { id: Number(row.id) } };
      }
      const ticket = connectWiseTicket.parse(body);
      const created = added(rows, {
        ...{ key: ticket.externalXRef, company: String(ticket.company.id) },
        ...{ summary: ticket.summary, text: ticket.initialDescription },
      });
      return { status: 201, body: { id: Number(created.id) } };
    },
    { status: 400, body: { code: 'InvalidObject', message: 'ticket object is invalid', errors: [] } },
  );
}

const autotaskTicket = z.strictObject({
  ...{ companyID: z.int(), queueID: z.literal(8), status: z.literal(1), externalID: z.string().max(50) },
  ...{ priority: z.union([z.literal(1), z.literal(2)]), title: z.string().max(255) },
  ...{ description: z.string().max(8000), dueDateTime: z.iso.datetime() },
});
const autotaskQuery = z.object({
  filter: z.tuple([
    z.object({ op: z.literal('eq'), field: z.string(), value: z.union([z.string(), z.int()]) }),
  ]),
});

export function startAutotask(): Promise<DeskStandIn> {
  const base = '/ATServicesRest/V1.0';
  return startDesk(
    (rows, { method, url, headers, text }) => {
      const isSignedIn =
        headers['username'] === 'api@contoso.example' &&
        headers['secret'] === anySecret &&
        headers['apiintegrationcode'] === anySecret;
      if (!isSignedIn) return { status: 401 };
      const body: unknown = text === '' ? undefined : JSON.parse(text);
      const search: unknown = JSON.parse(url.searchParams.get('search') ?? 'null');
      if (url.pathname === `${base}/Tickets/query`) {
        const [{ field, value }] = autotaskQuery.parse(search).filter;
        const found = rows.filter((each) => field === 'externalID' && each.key === value);
        return {
          status: 200,
          body: { items: found.map((each) => ({ id: Number(each.id), status: each.isClosed ? 5 : 1 })) },
        };
      }
      if (url.pathname === `${base}/TicketNotes/query`) {
        const [{ value }] = autotaskQuery.parse(search).filter;
        const notes = rows.find((each) => Number(each.id) === value)?.notes ?? [];
        return { status: 200, body: { items: notes.map((description) => ({ description })) } };
      }
      const id = /^\/ATServicesRest\/V1\.0\/Tickets\/(\d+)\/Notes$/.exec(url.pathname)?.[1];
      if (id !== undefined) {
        const note = z.object({
          title: z.string().max(250),
          description: z.string().max(32_000),
          noteType: z.int(),
          publish: z.int(),
        });
        rows.find((each) => each.id === id)?.notes.push(note.parse(body).description);
        return { status: 200, body: { itemId: 1 } };
      }
      if (method === 'PATCH') {
        const change = z.object({ id: z.int(), status: z.literal(5) }).parse(body);
        const row = rows.find((each) => Number(each.id) === change.id);
        if (row !== undefined) row.isClosed = true;
        return { status: 200, body: { itemId: change.id } };
      }
      const ticket = autotaskTicket.parse(body);
      const created = added(rows, {
        ...{
          key: ticket.externalID,
          company: String(ticket.companyID),
          summary: ticket.title,
          text: ticket.description,
        },
      });
      return { status: 200, body: { itemId: Number(created.id) } };
    },
    { status: 500, body: { errors: ['Missing Required Field: with content'] } },
  );
}

const haloTicket = z.strictObject({
  ...{ summary: z.string().max(255), details: z.string(), tickettype_id: z.literal(3), client_id: z.int() },
});

/** Its tokens end: every one is taken for two requests. */
export function startHaloPsa(): Promise<DeskStandIn> {
  let [issued, uses] = [0, 0];
  return startDesk(
    (rows, { method, url, headers, text }) => {
      if (url.pathname === '/auth/token') {
        const form = new URLSearchParams(text);
        if (form.get('client_secret') !== anySecret || form.get('scope') !== 'all') return { status: 401 };
        [issued, uses] = [issued + 1, 0];
        return { status: 200, body: { access_token: `halo-${issued}`, expires_in: 3600 } };
      }
      if (headers.authorization !== `Bearer halo-${issued}` || uses++ >= 2) return { status: 401 };
      const body: unknown = text === '' ? undefined : JSON.parse(text);
      const shown = (each: Row) => ({
        id: Number(each.id),
        summary: each.summary,
        status_id: each.isClosed ? 9 : 1,
        hasbeenclosed: each.isClosed,
      });
      if (url.pathname === '/api/actions') {
        if (method === 'GET') {
          const notes = rows.find((each) => each.id === url.searchParams.get('ticket_id'))?.notes ?? [];
          return { status: 200, body: { actions: notes.map((note) => ({ note })) } };
        }
        const action = z.object({
          ticket_id: z.int(),
          outcome_id: z.literal(7),
          note: z.string(),
          hiddenfromuser: z.literal(true),
        });
        const [{ ticket_id, note }] = z.tuple([action]).parse(body);
        rows.find((each) => Number(each.id) === ticket_id)?.notes.push(note);
        return { status: 201, body: { id: 1 } };
      }
      const id = /^\/api\/Tickets\/(\d+)$/.exec(url.pathname)?.[1];
      if (method === 'GET' && id !== undefined) {
        const row = rows.find((each) => each.id === id);
        return row === undefined ? { status: 404 } : { status: 200, body: shown(row) };
      }
      if (method === 'GET') {
        // It searches for words: others that resemble it are found, too.
        const words = (url.searchParams.get('search') ?? '').slice(0, 6);
        const tickets = rows.filter((each) => each.summary.includes(words)).map(shown);
        return { status: 200, body: { record_count: tickets.length, tickets } };
      }
      const [given] = z
        .tuple([z.union([z.strictObject({ id: z.int(), status_id: z.literal(9) }), haloTicket])])
        .parse(body);
      if ('id' in given) {
        const row = rows.find((each) => Number(each.id) === given.id);
        if (row !== undefined) row.isClosed = true;
        return { status: 201, body: { id: given.id } };
      }
      const created = added(rows, {
        key: given.summary,
        company: String(given.client_id),
        summary: given.summary,
        text: given.details,
      });
      return { status: 201, body: { id: Number(created.id) } };
    },
    { status: 400, body: { ClassName: 'Exception', Message: 'with content' } },
  );
}

const incident = z.strictObject({
  ...{
    short_description: z.string().max(160),
    description: z.string().max(4000),
    company: z.string().length(32),
  },
  ...{ correlation_id: z.string().max(100), correlation_display: z.string() },
  ...{ urgency: z.enum(['1', '2', '3']), impact: z.enum(['1', '2', '3']) },
});

export function startServiceNow(): Promise<DeskStandIn> {
  const base = '/api/now/table';
  const sysId = (at: number) => at.toString(16).padStart(32, '0');
  return startDesk(
    (rows, { method, url, headers, text }) => {
      if (url.pathname === '/oauth_token.do') {
        const isKnown = new URLSearchParams(text).get('client_secret') === anySecret;
        return isKnown ? { status: 200, body: { access_token: 'now', expires_in: 1799 } } : { status: 401 };
      }
      if (headers.authorization !== 'Bearer now') return { status: 401 };
      const body: unknown = text === '' ? undefined : JSON.parse(text);
      const query = url.searchParams.get('sysparm_query') ?? '';
      if (url.pathname === `${base}/sys_journal_field`) {
        const [, id, part = ''] = /^element_id=(\w+)\^element=work_notes\^valueLIKE(.+)$/.exec(query) ?? [];
        const notes = rows.find((each) => each.id === id)?.notes ?? [];
        return {
          status: 200,
          body: { result: notes.filter((note) => note.includes(part)).map(() => ({ sys_id: '1' })) },
        };
      }
      if (method === 'GET') {
        const key = /^correlation_id=(\w+)\^ORDERBYDESC/.exec(query)?.[1];
        const found = rows.filter((each) => each.key === key).slice(-1);
        return {
          status: 200,
          body: { result: found.map((each) => ({ sys_id: each.id, active: String(!each.isClosed) })) },
        };
      }
      if (method === 'PATCH') {
        const row = rows.find((each) => url.pathname === `${base}/incident/${each.id}`);
        if (row === undefined) return { status: 404 };
        const change = z
          .union([
            z.strictObject({ work_notes: z.string() }),
            z.strictObject({
              state: z.literal('7'),
              close_code: z.string(),
              close_notes: z.string().max(4000),
            }),
          ])
          .parse(body);
        if ('work_notes' in change) row.notes.push(change.work_notes);
        else row.isClosed = true;
        return { status: 200, body: { result: { sys_id: row.id } } };
      }
      const given = incident.parse(body);
      const created = added(
        rows,
        {
          key: given.correlation_id,
          company: given.company,
          summary: given.short_description,
          text: given.description,
        },
        sysId(rows.length + 1),
      );
      return { status: 201, body: { result: { sys_id: created.id, number: 'INC1' } } };
    },
    { status: 400, body: { error: { message: 'with content' }, status: 'failure' } },
  );
}
