import type { Fault } from './document-fault.ts';

/** Bytes of a manifest to text, as strictly as the API server reads them. */

export const MAX_MANIFEST_BYTES = 25 * 1024 * 1024;

const ENCODING_HINT = 'Save the file as UTF-8.';

/** The text without a byte order mark; a fault for anything that is not UTF-8 text or is too large. */
export function decodeManifest(content: Uint8Array | string): string | Fault {
  const fault = (code: string, message: string, hint: string, offset = 0): Fault => ({
    code,
    message,
    hint,
    offset,
  });
  if (content.length > MAX_MANIFEST_BYTES)
    return fault('manifest-too-large', 'it is larger than 25 MiB', 'Split it into several files.');
  const text = typeof content === 'string' ? content.replace(/^\uFEFF/, '') : decodeUtf8(content);
  if (text === null) return fault('manifest-encoding', 'it is not UTF-8 text', ENCODING_HINT);
  const nul = text.indexOf('\0');
  if (nul >= 0) return fault('manifest-encoding', 'it holds a NUL character', ENCODING_HINT, nul);
  return text;
}

function decodeUtf8(bytes: Uint8Array): string | null {
  // UTF-16 of ASCII letters is valid UTF-8 full of NULs; the mark says it plainly.
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))
    return null;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
