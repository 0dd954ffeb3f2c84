import { main } from './cli/main.js';
import { cliDeps } from './cli-deps.js';
import { endWithReader } from './cli-host.js';
import { environment } from './config.js';

/** The command `crew`. */
endWithReader();
process.exitCode = await main(process.argv.slice(2), cliDeps(environment()));
