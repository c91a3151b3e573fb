import { execFileSync } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';
import { StepFailed } from './steps.mjs';

/** The oldest Node.js that runs Sightline: it strips types by itself, and undici 8 asks for it. */
const OLDEST = [22, 19];

export function isNewEnough(version) {
  const [major, minor] = version.replace(/^v/, '').split('.').map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

/** The version that `node --version` prints; undefined when the file is missing or does not run. */
function versionOf(node) {
  try {
    return execFileSync(node, ['--version'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return undefined;
  }
}

/** Where npm puts the Node.js that the lock pins. */
function packagedNode(root) {
  const [platform, file] =
    process.platform === 'win32' ? ['win', 'node.exe'] : [process.platform, 'node'];
  return join(root, 'node_modules', `node-${platform}-${process.arch}`, 'bin', file);
}

/**
 * The Node.js that runs everything but the first steps: the pinned one, which npm brings along,
 * else the one that runs this script. Throws StepFailed when neither will do.
 */
export function findRuntime(root) {
  for (const node of [packagedNode(root), process.execPath]) {
    const version = versionOf(node);
    if (version !== undefined && isNewEnough(version)) return node;
  }
  throw new StepFailed(
    `Sightline needs Node.js ${OLDEST.join('.')} or newer. This is ${process.version}, and no packaged ` +
      `Node.js runs on ${process.platform}-${process.arch}. Please install Node.js 24.`,
  );
}

/**
 * The environment for what the runtime starts: whatever asks for `node` gets that one.
 *
 * @param {string} runtime
 * @param {Record<string, string | undefined>} env
 */
export function environmentFor(runtime, env = process.env) {
  // Windows spells it Path.
  const name = Object.keys(env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
  const path = `${dirname(runtime)}${delimiter}${env[name] ?? ''}`;
  return { ...env, [name]: path, NEXT_TELEMETRY_DISABLED: '1' };
}
