/**
 * Set-up of the project `unit`: no socket, no process. A test that needs one fails with the line below, whichever
 * library tried it, and belongs in the project `integration`.
 */
import childProcess from 'node:child_process';
import dgram from 'node:dgram';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';

/** Replaces a function by one that throws. */
function forbid<Name extends string>(holder: Record<Name, unknown>, name: Name, what: string): void {
  holder[name] = () => {
    throw new Error(`A unit test must not ${what}: move this test to test/integration.`);
  };
}

forbid(net.Socket.prototype, 'connect', 'open a connection');
forbid(net.Server.prototype, 'listen', 'listen on a port');
forbid(dgram.Socket.prototype, 'bind', 'listen on a port');
forbid(dgram.Socket.prototype, 'send', 'send to a port');
for (const name of ['spawn', 'fork', 'exec', 'execFile', 'spawnSync', 'execSync', 'execFileSync'] as const)
  forbid(childProcess, name, 'start a process');
// Named imports of builtin modules see the replacements only after this.
syncBuiltinESMExports();
