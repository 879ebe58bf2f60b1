/** Stands in for SQL Server: speaks its protocol, with TLS, and logins by password or token; see {@link createSqlDatabase}. */
import { createServer, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { createServerCertificate } from '../../simulator/ca.ts';
import { closeServer, listenLocally } from '../local-server.ts';
import { errorAnswer, loginAnswer, routingAnswer, rowsAnswer, SqlError } from './answers.ts';
import type { SqlDatabase, SqlSession } from './database.ts';
import { parseLogin, preloginAnswer, type Login } from './login.ts';
import { HandshakeTransport, MessageReader, messageType, packetsOf, type Message } from './packets.ts';
import { parseRequest, type SqlRequest } from './requests.ts';

/** What becomes of a request. `cut`: it is done, and the connection breaks. `held`: it is done, without an answer. */
export type RequestFault = 'cut' | 'held';

export interface StandInOptions {
  readonly database: SqlDatabase;
  /** Errors that a login ends with; none: it succeeds. */
  readonly checkLogin: (login: Login) => readonly SqlError[];
  readonly faultOf?: (request: SqlRequest) => RequestFault | undefined;
  /** Of its certificate, in place of localhost. */
  readonly name?: string;
  readonly hasTls?: () => boolean;
  /** Where a login is sent on to. */
  readonly route?: (() => { readonly host: string; readonly port: number }) | undefined;
}

export interface SqlServerStandIn {
  readonly port: number;
  /** Authority of its certificate, which is for localhost, 127.0.0.1, and ::1. */
  readonly caPem: string;
  /** All that came. */
  readonly logins: readonly Login[];
  /** The first byte of each packet that came without TLS. */
  readonly plainTypes: readonly number[];
  /** How many are open. */
  connections(): number;
  /** Ends all connections. */
  drop(): void;
  stop(): Promise<void>;
}

export async function startSqlServer(options: StandInOptions): Promise<SqlServerStandIn> {
  const { certificatePem: cert, privateKeyPem: key, caPem } = await createServerCertificate(options.name);
  const sockets = new Set<Socket>();
  const logins: Login[] = [];
  const plainTypes: number[] = [];
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    socket.on('data', ([type]) => {
      if (type !== undefined) plainTypes.push(type);
    });
    const transport = new HandshakeTransport(socket, () => preloginAnswer(options.hasTls?.() ?? true));
    const secure = new TLSSocket(transport, { isServer: true, cert, key });
    secure.on('error', () => socket.destroy());
    const session = options.database.connect();
    socket.on('close', () => {
      session.end();
    });
    converse(secure, { ...options, session, logins });
  });
  const drop = () => {
    for (const socket of sockets) socket.destroy();
  };
  const port = await listenLocally(server);
  const stop = async () => {
    drop();
    await closeServer(server);
  };
  return { ...{ port, caPem, logins, plainTypes, drop, stop }, connections: () => sockets.size };
}

interface Conversation extends StandInOptions {
  readonly session: SqlSession;
  readonly logins: Login[];
}

function converse(socket: TLSSocket, conversation: Conversation): void {
  const reader = new MessageReader();
  let last = Promise.resolve();
  socket.on('data', (chunk: Buffer) => {
    for (const message of reader.read(chunk))
      last = last
        .then(() => answer(socket, conversation, message))
        .catch(() => {
          socket.destroy();
        });
  });
}

async function answer(socket: TLSSocket, conversation: Conversation, message: Message): Promise<void> {
  if (message.type === messageType.login) signIn(socket, conversation, parseLogin(message.content));
  else await perform(socket, conversation, parseRequest(message));
}

function signIn(socket: TLSSocket, { logins, checkLogin, route }: Conversation, login: Login): void {
  logins.push(login);
  const errors = checkLogin(login);
  const target = route?.();
  if (errors.length > 0) end(socket, errorAnswer(errors));
  else if (target === undefined) say(socket, loginAnswer(login.token !== undefined));
  else say(socket, routingAnswer(target.host, target.port));
}

async function perform(
  socket: TLSSocket,
  { session, faultOf }: Conversation,
  request: SqlRequest,
): Promise<void> {
  const fault = faultOf?.(request);
  try {
    const rows = await session.execute(request);
    if (fault === 'cut') socket.destroy();
    else if (fault === undefined) say(socket, rowsAnswer(rows));
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    const bytes = errorAnswer([error]);
    if (error.class >= 20) end(socket, bytes);
    else say(socket, bytes);
  }
}

function say(socket: TLSSocket, content: Buffer): void {
  socket.write(packetsOf({ type: messageType.answer, content }));
}

function end(socket: TLSSocket, content: Buffer): void {
  socket.end(packetsOf({ type: messageType.answer, content }));
}
