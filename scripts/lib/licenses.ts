import { lockedPackages, PACKAGES, readExceptions, type Locked } from './packages.js';

/** Licences that ask for a notice and nothing else. An expression needs one of its choices, or all of its parts, on the list. */
const ALLOWED = [
  ...['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'ISC', 'MIT', 'Unlicense'],
  // Data (of caniuse-lite), not code.
  'CC-BY-4.0',
];

/** Whether an SPDX expression of plain ANDs and ORs is fine. */
export function isAllowed(expression: string): boolean {
  const bare = expression.replaceAll(/[()]/g, ' ').trim();
  if (/ AND /.test(bare) && / OR /.test(bare)) return false;
  const parts = bare.split(/ AND | OR /).map((part) => part.trim());
  return / OR /.test(bare) ? parts.some((one) => ALLOWED.includes(one)) : parts.every((one) => ALLOWED.includes(one));
}

/** The page of licences, and what is not allowed, a line each. */
export function licensesPage(): { page: string; problems: string[] } {
  const { licenses } = readExceptions();
  const problems: string[] = [];
  const said = ({ name, license }: Locked): string =>
    license ?? licenses.find((one) => one.package === name)?.license ?? 'none named';
  const tables = PACKAGES.map(({ name, folder }) => {
    const packages = lockedPackages(folder);
    for (const one of packages) {
      const excepted = licenses.some((exception) => exception.package === one.name && exception.license === said(one));
      if (!excepted && !isAllowed(said(one))) problems.push(`${one.name}@${one.version}: ${said(one)}`);
    }
    const installs = packages.filter((one) => one.installs).map((one) => `${one.name} ${one.version}`);
    return [
      `## Of ${name}: ${packages.length} packages`,
      installs.length === 0
        ? 'None runs a program when it is installed.'
        : `These have a program that runs when they are installed, unless with \`--ignore-scripts\` as in the image: ${installs.join(', ')}.`,
      ['| package | version | licence |', '| --- | --- | --- |']
        .concat(packages.map((one) => `| ${one.name} | ${one.version} | ${said(one)} |`))
        .join('\n'),
    ].join('\n\n');
  });
  const head =
    '# Licences of what runs in production\n\nMade by `npm run licenses` from the lock files; `npm run check` fails where it is out of date, or a licence is not allowed (`scripts/lib/licenses.ts`).';
  return { page: [head, ...tables].join('\n\n'), problems };
}
