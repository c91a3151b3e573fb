import { type CniFlags, cniProfile } from '#lib/engine/cni-profile.ts';
import type { Detection } from './detect-plugin.ts';

/** What a person states wins over what is seen. */

/** The network plugin as a person states it. */
export interface PluginChoice {
  /** As in the profiles of the engine; null: what is seen. */
  readonly name: string | null;
  readonly flags: Partial<CniFlags>;
}

/** Brings what was stated into what was found out. */
export function withChoice(found: Detection, { name, flags }: PluginChoice): Detection {
  const stated = Object.entries(flags).map(([flag, value]) => `Stated: ${flag} is ${value}.`);
  const chosen = name === null ? null : cniProfile(name);
  if (chosen === null) {
    const { plugin, profile } = found;
    return {
      plugin: { ...plugin, evidence: [...plugin.evidence, ...stated] },
      profile: { ...profile, flags: { ...profile.flags, ...flags } },
    };
  }
  const seen = found.plugin.how === 'detected' ? found.plugin.evidence : [];
  return {
    plugin: {
      how: 'chosen',
      title: chosen.name,
      version: null,
      engines: 1,
      evidence: [`Stated: the network plugin is ${chosen.name}.`, ...stated, ...seen],
      unread: [],
    },
    profile: { ...chosen, flags: { ...chosen.flags, ...flags } },
  };
}
