/** Entry of the image: `gateway` or `worker`. */
const part = process.argv[2];
if (part === 'gateway') await import('./gateway.js');
else if (part === 'worker') await import('./worker.js');
else {
  process.stderr.write(`Expected 'gateway' or 'worker', found '${part ?? ''}'\n`);
  process.exitCode = 2;
}
