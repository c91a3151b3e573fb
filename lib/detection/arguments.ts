import type { PluginContainer } from '#lib/model/network-plugin.ts';

/**
 * The value of `--name=value` or `--name value`, the last one given; `true` where it stands alone,
 * as Go's flags read it. Null when it is not given.
 */
export function argument(words: readonly string[], name: string): string | null {
  const flag = `--${name}`;
  let value: string | null = null;
  for (const [i, word] of words.entries()) {
    if (word.startsWith(`${flag}=`)) value = word.slice(flag.length + 1);
    else if (word === flag) {
      const next = words[i + 1];
      value = next === undefined || next.startsWith('-') ? 'true' : next;
    }
  }
  return value;
}

/** What Go's flags, YAML and ConfigMaps write for yes and for no; null for anything else. */
export function truth(value: string): boolean | null {
  switch (value.trim().toLowerCase()) {
    case 'true':
    case '1':
    case 't':
    case 'yes':
    case 'on':
      return true;
    case 'false':
    case '0':
    case 'f':
    case 'no':
    case 'off':
      return false;
    default:
      return null;
  }
}

/** The value a container is given for an argument that is yes or no; `absent` when it is not given. */
export function switchOf(
  { words }: PluginContainer,
  name: string,
  absent: boolean,
): boolean | null {
  const value = argument(words, name);
  return value === null ? absent : truth(value);
}
