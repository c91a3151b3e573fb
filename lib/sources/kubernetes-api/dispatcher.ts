import { Agent, type buildConnector, type Dispatcher, ProxyAgent } from 'undici';
import type { Credentials } from './api-credentials.ts';
import { proxyFromEnvironment } from './proxy-environment.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Shorter than the idle limit of common load balancers, which drop connections silently. */
const KEEP_ALIVE = 30_000;
const CONNECT_TIMEOUT = 5000;

/**
 * The connections of one cluster (R1). HTTP/1.1, one socket per watch: a connection that hangs then
 * holds up one list, not all of them. The time limits of answers are ours (api-connection.ts),
 * because undici's follow the real clock.
 */
export function createDispatcher(credentials: Credentials, environment: Environment): Dispatcher {
  const tls: buildConnector.BuildOptions = {
    ...credentials.tls,
    allowH2: false,
    timeout: CONNECT_TIMEOUT,
    keepAlive: true,
    keepAliveInitialDelay: KEEP_ALIVE,
  };
  const options: Agent.Options = {
    connect: tls,
    allowH2: false,
    keepAliveTimeout: KEEP_ALIVE,
    headersTimeout: 0,
    bodyTimeout: 0,
  };
  const { proxyUrl, server } = credentials.access;
  const uri = proxyUrl ?? proxyFromEnvironment(server, environment);
  return uri === null ? new Agent(options) : new ProxyAgent({ ...options, uri, requestTls: tls });
}
