// Page scripts of the simulated systems, kept as files of their own.
import { readFileSync } from 'node:fs';

export function staticFile(name: string): string {
  return readFileSync(new URL(`../../static/${name}`, import.meta.url), 'utf8');
}
