import type { Check, Group, Need } from '#lib/findings/check.ts';
import { CHECKS } from '#lib/findings/index.ts';

/** The documentation of every check, in Markdown, made from their declarations. */

const GROUPS: Readonly<Record<Group, string>> = {
  enforcement: 'Enforcement: is anything held at all?',
  selection: 'Selection: whom policies and peers mean',
  direction: 'Direction: which way is closed, and what was forgotten',
  ports: 'Ports',
  breadth: 'Breadth and address blocks',
  interaction: 'Between policies',
  hygiene: 'Hygiene',
};

const NEEDS: Readonly<Record<Need, string>> = {
  pods: 'pods',
  namespaces: 'namespaces',
  nodes: 'nodes',
  services: 'services',
  'host-endpoints': 'Calico’s host endpoints',
  flows: 'observed connections',
  roles: 'roles and their bindings',
  'daemon-sets': 'DaemonSets and the configuration of the network plugin',
  webhooks: 'webhook configurations and APIServices',
  ingresses: 'Ingresses and Gateway routes',
  'api-server': 'the endpoints of the Service default/kubernetes',
  networks: 'the primary networks of namespaces',
  'custom-resources': 'the status of custom resources and what is installed',
};

const INTRODUCTION = `# Findings

What \`sightline lint\` and the page *Findings* report. This page is made from the checks themselves
(\`npm run docs:findings\`).

**error**: an object does not do what it says, or traffic is very likely broken or open. **warning**:
probably not meant. **info**: worth knowing. A check says nothing where what was read does not decide
it; one that needs a list that could not be read completely is not run, and \`-o json\` names it.

## Accepting a finding
Annotate the object, or its namespace for everything in it, with the ids and the reason:

\`\`\`yaml
metadata:
  annotations:
    sightline.dev/ignore: PIT-SEL-1, PIT-WIDE-2
    sightline.dev/ignore-reason: the pods come with the next release
\`\`\`

Without a reason the annotation is not honoured, and the finding says so. For a workload the annotation
stands in the metadata of its pod template. Findings about enforcement (\`PIT-CNI-…\`) cannot be
accepted.

## In continuous integration
\`sightline lint --manifests PATH\` ends with exit code 4 when there is an error that nobody accepted;
\`--fail-on warning\`, \`info\` or \`never\` moves the bar. \`-o sarif\` writes SARIF 2.1.0, with files and
lines, for code-scanning services.
`;

export function findingsPage(checks: readonly Check[] = CHECKS): string {
  const groups = Map.groupBy(checks, ({ group }) => group);
  return [
    INTRODUCTION,
    notRun(checks.filter(({ find }) => find === null)),
    ...[...groups].flatMap(([group, members]) => [
      `## ${GROUPS[group]}\n`,
      tableOf(members),
      ...members.map(section),
    ]),
  ].join('\n');
}

function notRun(checks: readonly Check[]): string {
  const lines = checks.map(
    ({ id, needs }) =>
      `- [${id}](#${id.toLowerCase()}) needs ${needs.map((need) => NEEDS[need]).join(', ')}`,
  );
  return [
    '## Declared, and not run',
    'These would guess: what they need is not read, or not all of it. `-o json` lists them as `notRun`.\n',
    ...lines,
    '',
  ].join('\n');
}

function tableOf(checks: readonly Check[]): string {
  const rows = checks.map(
    ({ id, title, severity, find }) =>
      `| [${id}](#${id.toLowerCase()}) | ${severity} | ${title}${find === null ? ' *(not run)*' : ''} |`,
  );
  return ['| id | severity | says |', '| --- | --- | --- |', ...rows, ''].join('\n');
}

function section({ id, title, rules, needs, scenario, evidence, fix, find }: Check): string {
  const lacking = needs.map((need) => NEEDS[need]).join(', ');
  return [
    `### ${id}`,
    `**${title}.** ${scenario}`,
    '',
    ...(find === null
      ? [
          `**Not run**: it needs ${lacking}, and not all of that is read.`,
          '',
          `**Would be reported when** ${evidence}`,
        ]
      : [`**Reported when** ${evidence}`]),
    '',
    `**Fix** ${fix}`,
    ...(rules.length === 0 ? [] : ['', `Rules: ${rules.join(', ')}`]),
    '',
  ].join('\n');
}
