import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CrewFileError, loadCrews } from '../../../src/adapters/crew-files.js';
import { CrewAiReadError, importProject, type ImportedCrew } from '../../../src/adapters/crewai/index.js';
import { parseCrew } from '../../../src/crew/validate.js';
import type { CrewDefinition } from '../../../src/crew/types.js';

/** Runs a test in a folder with these files, which is removed afterwards. */
function inProject<T>(files: Record<string, string | Buffer>, test: (folder: string) => T): T {
  const root = mkdtempSync(join(tmpdir(), 'crewai-'));
  const folder = join(root, 'tea-shop');
  try {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), content);
    }
    return test(folder);
  } finally {
    rmSync(root, { recursive: true });
  }
}

function imported(files: Record<string, string | Buffer>): {
  definition: CrewDefinition;
  said: string;
  crew: ImportedCrew;
} {
  return inProject(files, (folder) => {
    const [crew, ...more] = importProject(folder);
    assert.ok(crew && more.length === 0, 'one crew');
    const parsed = parseCrew(crew.document);
    assert.ok(parsed.ok, JSON.stringify(parsed));
    return { definition: parsed.definition, said: JSON.stringify(crew.report), crew };
  });
}

const yaml = (agents: string | Buffer, tasks: string | Buffer, more: Record<string, string> = {}) => ({
  'src/tea_shop/config/agents.yaml': agents,
  'src/tea_shop/config/tasks.yaml': tasks,
  ...more,
});
const AGENTS =
  'scout:\n  role: Scout\n  goal: Find\n  backstory: You find.\nclerk:\n  role: Clerk\n  goal: Write\n  backstory: You write.\n';
const TASKS =
  'find:\n  description: Find {topic}\n  expected_output: Facts\n  agent: scout\nnote:\n  description: Note it\n  expected_output: Notes\n  agent: clerk\n';

describe('a CrewAI project', () => {
  it('is found wherever its files lie, named by its folder, with the inputs that its texts speak of', () => {
    const { definition } = imported(yaml(AGENTS, TASKS));
    assert.equal(definition.name, 'tea_shop');
    assert.deepEqual(Object.keys(definition.inputs), ['topic']);
    assert.deepEqual(Object.keys(definition.tasks), ['find', 'note']);
  });

  it('may have stray spaces, folded blocks, anchors, tabs, other case, and one name as context', () => {
    const agents = [
      'base: &base',
      '  verbose: true',
      '"scout ":',
      '  <<: *base',
      '  role: >',
      '    Senior Scout  ',
      '  goal: |',
      '    Find',
      '    things',
      '  backstory: "You find."\t',
    ].join('\n');
    const tasks =
      'Find It:\n  description: >\n    Look for { topic }\n  expected_output: Facts\n  agent: " SENIOR scout"\nnote:\n  description: Note\n  expected_output: Notes\n  agent: scout\n  context: find it\n';
    const { definition } = imported(yaml(agents, tasks));
    assert.equal(definition.agents['scout']?.role, 'Senior Scout');
    assert.equal(definition.agents['scout'].goal, 'Find\nthings');
    assert.equal(definition.tasks['Find_It']?.agent, 'scout');
    assert.deepEqual(definition.tasks['note']?.context, ['Find_It']);
    assert.equal(definition.tasks['Find_It'].description, 'Look for {topic}');
  });

  it('may have tasks without an agent: the only one, or the one that its name speaks of', () => {
    const tasks =
      'clerk_work:\n  description: Write\n  expected_output: W\nscouting:\n  description: Look\n  expected_output: L\n';
    const { definition, said } = imported(yaml(AGENTS, tasks));
    assert.equal(definition.tasks['clerk_work']?.agent, 'clerk');
    assert.equal(definition.tasks['scouting']?.agent, 'scout');
    assert.match(said, /do not say who does it/);
  });

  it('may read later tasks: they are moved; a circle is cut', () => {
    const tasks =
      'a:\n  description: A\n  expected_output: A\n  agent: scout\n  context: [b]\nb:\n  description: B\n  expected_output: B\n  agent: scout\n';
    assert.deepEqual(Object.keys(imported(yaml(AGENTS, tasks)).definition.tasks), ['b', 'a']);
    const circle = `${tasks}  context: [a]\n`;
    assert.match(imported(yaml(AGENTS, circle)).said, /waits for it/);
  });

  it('may lack texts: they are made up, and said', () => {
    const { definition, said } = imported(yaml('lead_scout:\n  role: Scout\nclerk:\n', 'find:\n  agent: lead_scout\n'));
    assert.equal(definition.agents['clerk']?.role, 'Clerk');
    assert.match(said, /agents\.lead_scout\.goal.*It is missing and became/);
  });

  it('may name tools, models and classes of Python: they are reported, and what is left to set', () => {
    const agents = `${AGENTS}  llm: openai/gpt-4o\n  tools: [SerperDevTool, FileReadTool]\n  step_callback: my_callback\n  allow_delegation: true\n  max_iter: 5\n`;
    const tasks = `${TASKS}  output_pydantic: Notes\n  guardrail: check_it\n  human_input: true\n  output_file: ../../etc/{topic}.md\n`;
    const { definition, said } = imported(yaml(agents, tasks));
    assert.equal(definition.agents['clerk']?.max_iter, 5);
    assert.equal(definition.agents['clerk'].allow_delegation, true);
    assert.equal(definition.agents['clerk'].tools, undefined);
    assert.equal(definition.tasks['note']?.output_file, 'etc/{topic}.md');
    assert.equal(definition.tasks['note'].human_input, true);
    for (const word of ['SerperDevTool', 'read_file', 'Notes', 'check_it', 'gpt-4o'])
      assert.ok(said.includes(word), word);
  });

  it('says in Python what YAML does not: process, manager, order, context, flags', () => {
    const python = [
      'class Shop:',
      '    @agent',
      '    def the_scout(self) -> Agent:',
      "        return Agent(config=self.agents_config['scout'], max_iter=7, tools=[SerperDevTool()])",
      '    @task',
      '    def note_task(self) -> Task:',
      "        return Task(config=self.tasks_config['note'], agent=self.the_scout(), human_input=True)",
      '    @task',
      '    def find_task(self) -> Task:',
      "        return Task(config=self.tasks_config['find'], async_execution=True)",
      '    @crew',
      '    def crew(self) -> Crew:',
      "        return Crew(agents=self.agents, tasks=self.tasks, process=Process.hierarchical, manager_llm='gpt-4o')",
    ].join('\n');
    const { definition } = imported(yaml(AGENTS, TASKS, { 'src/tea_shop/crew.py': python }));
    assert.equal(definition.process, 'hierarchical');
    assert.equal(definition.manager_llm, 'gpt-4o');
    assert.equal(definition.agents['scout']?.max_iter, 7);
    assert.deepEqual(Object.keys(definition.tasks), ['note', 'find']);
    assert.equal(definition.tasks['note']?.agent, 'scout');
    assert.equal(definition.tasks['note'].human_input, true);
    assert.equal(definition.tasks['find']?.async_execution, true);
  });

  it('may be crew.jsonc with agents in files of their own', () => {
    const { definition } = imported({
      'crew.jsonc':
        '{ // the crew\n "name": "Tea Shop", "process": "sequential", "tasks": [{"name": "find", "description": "Find {topic}", "expected_output": "F", "agent": "scout",}], "inputs": {"topic": "tea"},}',
      'agents/scout.jsonc': '{"role": "Scout", "goal": "Find", "backstory": "You find.", /* never */ "verbose": true}',
    });
    assert.equal(definition.name, 'Tea_Shop');
    assert.equal(definition.tasks['find']?.agent, 'scout');
    assert.equal(definition.inputs['topic']?.default, 'tea');
  });

  it('may be written badly: colons, BOM and CRLF, other encodings, keys given twice, lists and wrappers', () => {
    const colon = AGENTS.replace('goal: Find', 'goal: Find: everything');
    assert.equal(imported(yaml(colon, TASKS)).definition.agents['scout']?.goal, 'Find: everything');
    const bom = `\uFEFF${AGENTS.replaceAll('\n', '\r\n')}`;
    assert.equal(imported(yaml(bom, TASKS)).definition.agents['scout']?.role, 'Scout');
    const latin = Buffer.from(AGENTS.replace('You find.', 'Fähig.'), 'latin1');
    assert.equal(imported(yaml(latin, TASKS)).definition.agents['scout']?.backstory, 'Fähig.');
    const twice = AGENTS.replace('role: Scout', 'role: Boy\n  role: Scout');
    assert.equal(imported(yaml(twice, TASKS)).definition.agents['scout']?.role, 'Scout');
    const list = 'agents:\n  - name: scout\n    role: 42\n    goal: Find\n    backstory: 2024-01-01\n  - name: clerk\n';
    const { definition } = imported(yaml(list, `tasks:\n${TASKS.replace(/^/gm, '  ')}`));
    assert.equal(definition.agents['scout']?.role, '42');
    assert.deepEqual(Object.keys(definition.tasks), ['find', 'note']);
  });

  it('that cannot be read at all is refused with its file', () => {
    const broken = yaml('{[', TASKS);
    inProject(broken, (folder) => assert.throws(() => importProject(folder), CrewAiReadError));
    inProject(broken, (folder) => assert.throws(() => loadCrews(dirname(folder), []), CrewFileError));
    inProject({ 'README.md': 'nothing' }, (folder) => assert.deepEqual(importProject(folder), []));
  });

  it('may lie in CREWS_DIR as it is: a model that is not configured gives way to the default, and is said', () => {
    const agents = AGENTS.replace('goal: Find', 'goal: Find\n  llm: gpt-4o');
    inProject(yaml(agents, TASKS), (folder) => {
      const files = loadCrews(dirname(folder), { models: () => false, modelNames: ['mine'] });
      assert.equal(files.find('tea_shop')?.definition.agents['scout']?.llm, undefined);
      assert.match(files.warnings?.join('\n') ?? '', /agents\.scout\.llm: 'gpt-4o' is not configured/);
    });
  });
});

describe('the command crew', () => {
  const crew = (...args: string[]) => spawnSync(process.execPath, ['bin/crew.mjs', ...args], { encoding: 'utf8' });

  it('imports, never replaces a file without a word, and explains what it made', () => {
    inProject(yaml(AGENTS, TASKS), (folder) => {
      const out = join(folder, 'made.yaml');
      const first = crew('import', folder, '--out', out);
      assert.equal(first.status, 0, first.stderr);
      assert.match(first.stdout, /Taken\n {2}agents\.scout/);
      assert.ok(existsSync(out));
      const written = readFileSync(out, 'utf8');
      assert.equal(crew('import', folder, '--out', out).status, 1);
      assert.equal(readFileSync(out, 'utf8'), written);
      const explained = crew('validate', out);
      assert.equal(explained.status, 0, explained.stderr);
      assert.match(explained.stdout, /2 tasks, 2 to \d+ model calls/);
      writeFileSync(out, written.replace('agent: scout', 'agent: scut'));
      const refused = crew('validate', out);
      assert.equal(refused.status, 1);
      assert.match(refused.stderr, /made\.yaml:\d+:\d+ tasks\.find\.agent: .*Did you mean 'scout'/);
    });
  });

  it('says how it is called', () => {
    assert.equal(crew('--help').status, 0);
    assert.equal(crew('imprt').status, 2);
    assert.equal(crew('import').status, 2);
    assert.equal(crew('import', '--nonsense', 'x').status, 2);
    assert.equal(crew('import', '/no/such/folder').status, 1);
  });
});
