import {
  Box,
  CircleDot,
  Clock,
  Copy,
  Database,
  DoorOpen,
  Globe,
  LayoutGrid,
  type LucideIcon,
  Play,
  ScrollText,
  Server,
  SquareDashed,
  Waypoints,
} from 'lucide-react';

const GLYPHS: ReadonlyMap<string, LucideIcon> = new Map<string, LucideIcon>([
  ['Deployment', Box],
  ['StatefulSet', Database],
  ['DaemonSet', LayoutGrid],
  ['ReplicaSet', Copy],
  ['CronJob', Clock],
  ['Job', Play],
  ['Pod', CircleDot],
  ['Namespace', SquareDashed],
  ['Service', Waypoints],
  ['NetworkPolicy', ScrollText],
  ['Node', Server],
  ['Addresses', Globe],
  ['Ingress', DoorOpen],
]);

/** A sign for a kind of object; kinds we have no sign for get a box. Always beside a name. */
export function KindGlyph({
  kind,
  className = 'size-3.5',
}: {
  readonly kind: string;
  readonly className?: string;
}) {
  const Glyph = GLYPHS.get(kind) ?? Box;
  return <Glyph aria-hidden className={`shrink-0 ${className}`} />;
}
