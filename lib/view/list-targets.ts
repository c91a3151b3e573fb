import { type Connectivity, connectionBounds } from '#lib/engine/connectivity.ts';
import type { PodGroup } from '#lib/engine/endpoint.ts';
import { connectionDoubts } from '#lib/engine/explain.ts';
import { type PortBounds, unsurePorts } from '#lib/engine/rule-ports.ts';
import { isEmptyPorts, NO_PORTS, type PortSet } from '#lib/model/port-set.ts';
import type { ConnectionRow } from './connection-list.ts';
import type { ListEnd } from './list-ends.ts';
import { namedCounterparts } from './named-groups.ts';
import { betweenStrangers, type Manner, mannersOfGroup } from './strangers.ts';

/**
 * Finds the rows of one source after the other. Targets that no rule names together with the source
 * are told apart by how they treat strangers, so that a row costs little more than its text.
 */

/** What a row says of the ports, whoever its ends are. */
interface Passing {
  readonly allowed: PortSet;
  readonly unknown: PortSet;
}

function passingOf(bounds: PortBounds): Passing | null {
  return isEmptyPorts(bounds.atMost) ? null : { allowed: bounds.sure, unknown: unsureOf(bounds) };
}

const unsure = new WeakMap<PortBounds, PortSet>();

/** As one object for equal bounds, so that its text is made once. */
function unsureOf(bounds: PortBounds): PortSet {
  const known = unsure.get(bounds) ?? unsurePorts(bounds);
  const kept = isEmptyPorts(known) ? NO_PORTS : known;
  unsure.set(bounds, kept);
  return kept;
}

export class ListTargets {
  readonly #connectivity: Connectivity;
  /** By name. */
  readonly #targets: readonly ListEnd[];
  readonly #ofGroup = new Map<PodGroup, number[]>();
  /** Targets that are never strangers: addresses, and pods on the network of nodes. */
  readonly #apart: number[] = [];
  readonly #manners: readonly Manner[];
  /** By target: which of the manners it has. */
  readonly #mannerOf: Int32Array;

  constructor(connectivity: Connectivity, targets: readonly ListEnd[]) {
    this.#connectivity = connectivity;
    this.#targets = targets;
    this.#mannerOf = new Int32Array(targets.length);
    const numbers = new Map<string, number>();
    const manners: Manner[] = [];
    for (const [place, { group }] of targets.entries()) {
      if (group === null || group.hostNetwork) {
        this.#apart.push(place);
        continue;
      }
      const places = this.#ofGroup.get(group);
      if (places === undefined) this.#ofGroup.set(group, [place]);
      else places.push(place);
      const { ingress } = mannersOfGroup(connectivity, group);
      const number = numbers.get(ingress.key) ?? manners.push(ingress) - 1;
      numbers.set(ingress.key, number);
      this.#mannerOf[place] = number;
    }
    this.#manners = manners;
  }

  /** Sorted by target. */
  *rowsFrom(source: ListEnd): Generator<ConnectionRow> {
    const { group } = source;
    if (group === null || group.hostNetwork) {
      for (const target of this.#targets) yield* this.#lookedAt(source, target);
      return;
    }
    const { egress } = mannersOfGroup(this.#connectivity, group);
    const among = this.#manners.map((manner) => {
      const between = betweenStrangers(this.#connectivity, egress, manner);
      return between === null ? null : passingOf(between.bounds);
    });
    const looked = this.#placesLookedAt(group);
    if (among.every((passing) => passing === null)) {
      for (const place of [...looked].sort((a, b) => a - b)) yield* this.#at(source, place);
      return;
    }
    for (let place = 0; place < this.#targets.length; place++)
      if (looked.has(place)) yield* this.#at(source, place);
      else {
        const passing = among[this.#mannerOf[place] ?? 0];
        const row = passing == null ? null : this.#row(source, place, passing);
        if (row !== null) yield row;
      }
  }

  #placesLookedAt(group: PodGroup): ReadonlySet<number> {
    const places = new Set(this.#apart);
    for (const other of namedCounterparts(this.#connectivity, 'egress', group))
      for (const place of this.#ofGroup.get(other) ?? []) places.add(place);
    return places;
  }

  *#at(source: ListEnd, place: number): Generator<ConnectionRow> {
    const target = this.#targets[place];
    if (target !== undefined) yield* this.#lookedAt(source, target);
  }

  *#lookedAt(source: ListEnd, target: ListEnd): Generator<ConnectionRow> {
    if (source.name === target.name || (source.group === null && target.group === null)) return;
    const bounds = connectionBounds(this.#connectivity, source.endpoint, target.endpoint);
    const passing = passingOf(bounds);
    if (passing !== null) yield this.#written(source, target, passing);
  }

  #row(source: ListEnd, place: number, passing: Passing): ConnectionRow | null {
    const target = this.#targets[place];
    if (target === undefined || source.name === target.name) return null;
    return this.#written(source, target, passing);
  }

  #written(source: ListEnd, target: ListEnd, { allowed, unknown }: Passing): ConnectionRow {
    const causes =
      unknown === NO_PORTS
        ? []
        : connectionDoubts(this.#connectivity, source.endpoint, target.endpoint);
    return { src: source.name, dst: target.name, allowed, unknown, causes };
  }
}
