import type { Connectivity } from '#lib/engine/connectivity.ts';
import { formatPorts, isEmptyPorts, isEveryPort, type PortSet } from '#lib/model/port-set.ts';
import { type ConnectionRow, connectionList } from './connection-list.ts';
import { csvCell } from './csv-cell.ts';
import type { ExportFormat } from './query.ts';

/** The list of connections as a file, a line at a time: it may be longer than any text can be. */

/** `TCP 80,8000-8090; UDP 53`, `all` for every port of TCP, UDP and SCTP, or nothing. */
function portCell(ports: PortSet): string {
  if (isEmptyPorts(ports)) return '';
  return isEveryPort(ports) ? 'all' : formatPorts(ports);
}

function csvLine({ src, dst, allowed, unknown }: ConnectionRow): string {
  return `${[src, dst, portCell(allowed), portCell(unknown)].map(csvCell).join(',')}\r\n`;
}

function jsonLine({ src, dst, allowed, unknown, causes }: ConnectionRow): string {
  const row = { src, dst, allowed: portCell(allowed), unknown: portCell(unknown), causes };
  return `${JSON.stringify(row)}\n`;
}

/** CSV with a header, or JSON lines: `{"src", "dst", "allowed", "unknown", "causes"}`. */
export function* writtenConnections(
  connectivity: Connectivity,
  format: ExportFormat,
): Generator<string> {
  if (format === 'csv') yield 'source,destination,allowed,unknown\r\n';
  const lineOf = format === 'csv' ? csvLine : jsonLine;
  for (const row of connectionList(connectivity)) yield lineOf(row);
}
