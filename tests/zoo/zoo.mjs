// Runs the TypeScript sources without a build step.
import { register } from 'tsx/esm/api';

register();
const { main } = await import('./src/main.ts');
try {
  await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`zoo: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
