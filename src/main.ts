/** Entry of the image: `gateway`, `worker` or `intake`. */
const part = process.argv[2];
if (part === 'gateway') await import('./gateway.js');
else if (part === 'worker') await import('./worker.js');
else if (part === 'intake') await import('./intake.js');
else {
  process.stderr.write(`Expected 'gateway', 'worker' or 'intake', found '${part ?? ''}'\n`);
  process.exitCode = 2;
}
