/**
 * Loaded into a host before the app: the network around it, in which one invented name stands for a public address,
 * and what is sent there arrives at a port of this machine. The app itself is the one that is deployed, and refuses
 * private addresses as it always does.
 */
import dns from 'node:dns';
import { Socket, type LookupFunction, type TcpSocketConnectOpts } from 'node:net';

const name = process.env['STAND_IN_NAME'];
const port = Number(process.env['STAND_IN_PORT']);
/** Public by its number; nothing is ever sent there. */
const publicAddress = '2600::1';

type Answer = (error: Error | null, addresses: readonly string[]) => void;
const answerWith = (addresses: readonly string[]) => (hostname: string, done: Answer) => {
  const found = hostname === name ? addresses : [];
  done(found.length === 0 ? new Error('The name has no such address.') : null, found);
};
Object.assign(dns.Resolver.prototype, { resolve4: answerWith([]), resolve6: answerWith([publicAddress]) });

/** Calls the app's own lookup, and goes to this machine only if that returns an address. */
const rerouted =
  (original: LookupFunction): LookupFunction =>
  (hostname, options, callback) => {
    original(hostname, options, (error) => {
      if (error !== null) callback(error, []);
      else if (options.all === true) callback(null, [{ address: '127.0.0.1', family: 4 }]);
      else callback(null, '127.0.0.1', 4);
    });
  };

const connect = Reflect.get(Socket.prototype, 'connect');
Object.assign(Socket.prototype, {
  connect(this: Socket, ...given: readonly unknown[]): unknown {
    const [options, ...others] = given;
    const way = isToName(options) ? [wayOf(options), ...others] : given;
    const connecting: unknown = Reflect.apply(connect, this, way);
    return connecting;
  },
});

function wayOf(options: TcpSocketConnectOpts): TcpSocketConnectOpts {
  if (options.port !== 443 || options.lookup === undefined) throw new Error('Nothing else is there.');
  return { ...options, port, lookup: rerouted(options.lookup) };
}

function isToName(options: unknown): options is TcpSocketConnectOpts {
  return typeof options === 'object' && options !== null && 'host' in options && options.host === name;
}
