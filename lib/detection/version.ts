/** Versions of plugins, as far as their images tell them. */

export interface Version {
  readonly major: number;
  readonly minor: number;
  /** As it was written, without the `v`. */
  readonly text: string;
}

/** `v1.18.2`, `3.31.2-gke.5`; null for what does not start like a version. */
export function parseVersion(written: string): Version | null {
  const [text, major, minor] = /^v?(\d{1,4})\.(\d{1,4})(?:\.[\w.+-]*)?$/.exec(written) ?? [];
  if (text === undefined || major === undefined || minor === undefined) return null;
  return { major: Number(major), minor: Number(minor), text: text.replace(/^v/, '') };
}

/** What follows the name of an image: `v1.18.2` of `quay.io/cilium/cilium:v1.18.2@sha256:…`. */
export function imageTag(image: string): string | null {
  return /:([\w.-]+)(?:@[\w:]+)?$/.exec(image.replace(/@.*$/, ''))?.[1] ?? null;
}

/** The last part of an image's name, without registry, tag and digest. */
export function imageName(image: string): string {
  return image.replace(/[:@][^/]*$/, '').replace(/^.*\//, '');
}

/** The version an image is tagged with; null for a tag that says something else, or none. */
export function imageVersion(image: string): Version | null {
  const tag = imageTag(image);
  return tag === null ? null : parseVersion(tag);
}

export function isAtLeast({ major, minor }: Version, least: readonly [number, number]): boolean {
  return major > least[0] || (major === least[0] && minor >= least[1]);
}
