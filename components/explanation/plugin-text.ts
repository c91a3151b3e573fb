import type { PluginSummary } from '#lib/view/plugin-summary.ts';

/** What everybody should know of the network plugin before relying on a verdict. */
export interface PluginNotice {
  readonly tone: 'info' | 'caution' | 'negative';
  readonly text: string;
}

/** Null when there is nothing to warn of. */
export function pluginNotice(plugin: PluginSummary): PluginNotice | null {
  const { enforces, how, title, engines } = plugin;
  const name = title ?? 'the network plugin';
  switch (enforces) {
    case 'no':
      return {
        tone: 'negative',
        text:
          title === null
            ? 'No network plugin that enforces NetworkPolicy was found: whatever the policies say, every connection passes.'
            : `${title} does not enforce NetworkPolicy here: whatever the policies say, every connection passes.`,
      };
    case 'audit':
      return {
        tone: 'negative',
        text: `${name} is in audit mode: what policies deny is reported, and passes all the same.`,
      };
    case 'unknown':
      return {
        tone: 'caution',
        text:
          title === null || how === 'chosen'
            ? 'The network plugin was not recognised. Verdicts assume that it enforces NetworkPolicy.'
            : `Whether ${title} enforces NetworkPolicy here is not known. Verdicts assume that it does.`,
      };
    case 'yes':
      if (engines > 1)
        return {
          tone: 'caution',
          text: `${name} enforce policies side by side: a connection must pass each of them, and where they differ its verdict is unknown.`,
        };
      return how === 'assumed' && title !== null
        ? {
            tone: 'info',
            text: `The network plugin is assumed to be ${title}, for there are policies of its kinds.`,
          }
        : null;
  }
}

/** `Cilium 1.18.2, as seen in the cluster`: which plugin it is, and how that is known. */
export function pluginTitle({ how, title, version, enforces }: PluginSummary): string {
  const name = title === null ? null : `${title}${version === null ? '' : ` ${version}`}`;
  switch (how) {
    case 'chosen':
      return `${name ?? 'none'}, as stated`;
    case 'detected':
      return name ?? (enforces === 'no' ? 'none that enforces policies' : 'not recognised');
    case 'assumed':
      return name === null ? 'assumed to do as Kubernetes’ own tests expect' : `${name}, assumed`;
    case 'undetected':
      return 'not recognised';
  }
}
