import { type Command, Option } from 'commander';
import { analyse } from '#lib/engine/connectivity.ts';
import { documentText } from '#lib/server/policy-document.ts';
import { explanationView } from '#lib/view/explanation-builder.ts';
import type { ExplanationView } from '#lib/view/explanation-view.ts';
import { CommandFailed, EXIT } from './exit-codes.ts';
import { explanationText } from './explanation-text.ts';
import { type Streams, writeAll } from './output.ts';
import { parsePort } from './port-argument.ts';
import { problemLine, problemsOf, reportProblems } from './problems.ts';
import { readCluster } from './read-cluster.ts';
import { addReadOptions, type ReadOptions } from './source-options.ts';

interface ExplainOptions extends ReadOptions {
  readonly from: string;
  readonly to: string;
  readonly port?: string;
  readonly output: 'text' | 'json';
}

const END = 'namespace/name, namespace/kind/name, node/name, api-server, an address or a CIDR';

/** `sightline explain`; `done` is given the exit code. */
export function addExplainCommand(
  program: Command,
  streams: Streams,
  done: (exitCode: number) => void,
): void {
  const command = program
    .command('explain')
    .description('say whether one end reaches another, and which policies, rules and lines decide')
    .requiredOption('--from <end>', `who connects: ${END}`)
    .requiredOption('--to <end>', `to whom: ${END}, svc/namespace/name or dns`)
    .option('--port <port>', 'on which port: 8080, UDP/53 or the name of a port; any without it')
    .addOption(
      new Option('-o, --output <format>', 'how to write it')
        .choices(['text', 'json'])
        .default('text'),
    );
  addReadOptions(command).action(async (options: ExplainOptions) => {
    const port = options.port === undefined ? null : parsePort(options.port);
    const snapshot = await readCluster(options, streams);
    const problems = problemsOf(snapshot);
    const answer = explanationView(
      analyse(snapshot),
      { cluster: '', revision: 1, readAt: null },
      { from: options.from, to: options.to, port },
      (key) => {
        const document = snapshot.documents.get(key);
        return document === undefined ? null : documentText(document);
      },
    );
    if (!answer.ok) throw new CommandFailed(EXIT.usage, `--${answer.parameter}: ${answer.message}`);
    const pieces =
      options.output === 'json'
        ? [`${JSON.stringify({ ...answerOf(answer.view), problems: problems.map(problemLine) })}\n`]
        : explanationText(answer.view);
    await writeAll(streams.stdout, pieces);
    done(reportProblems(problems, options.strict === true, streams.stderr));
  });
}

/** Without what only a server knows. */
function answerOf({ asked, verdict, service, notes, parts, documents }: ExplanationView): object {
  return { asked, verdict, service, notes, parts, documents };
}
