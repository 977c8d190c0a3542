import { sentenceOf, serve } from './cli/serve';

serve(process.env).catch((error: unknown) => {
  process.stderr.write(`${sentenceOf(error)}\n`);
  process.exit(1);
});
