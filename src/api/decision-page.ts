import { html, raw } from 'hono/html';
import type { ApprovalAction, ApprovalView } from '../contract/views.js';

/** What the page of a one-time link shows. */
export interface DecisionForm {
  crew: string;
  approval: ApprovalView;
  /** What is decided on, in full where it could be read. */
  shown: string;
  by: string;
  actions: readonly ApprovalAction[];
  /** What was wrong with what was sent, */
  problems?: readonly string[];
  /** and what was sent, so that nothing has to be typed again. */
  sent?: Readonly<Record<string, string>>;
}

const STYLE = `
  :root { color-scheme: light dark; --line: #8a8a8a; --accent: #0b5cad; --bad: #b00020; }
  body { font: 1.05rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 42rem; padding: 1rem; }
  pre { border: 1px solid var(--line); border-radius: .4rem; font: inherit; max-height: 24rem; overflow: auto; padding: .8rem; white-space: pre-wrap; overflow-wrap: anywhere; }
  fieldset { border: 1px solid var(--line); border-radius: .4rem; margin: 1rem 0; padding: .6rem .8rem; }
  label.choice { display: block; padding: .35rem 0; }
  label.text { display: block; font-weight: 600; margin-top: 1rem; }
  textarea, select { box-sizing: border-box; font: inherit; padding: .5rem; width: 100%; }
  textarea { min-height: 5rem; }
  button { background: var(--accent); border: 0; border-radius: .4rem; color: #fff; font: inherit; font-weight: 600; margin-top: 1rem; padding: .7rem 1.4rem; }
  .problems { border-left: .3rem solid var(--bad); padding-left: .8rem; }
  .small { font-size: .9rem; }
`;

/** What may be loaded and called by these pages: nothing but their own style and form. */
export const PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const LABELS: Record<ApprovalAction, string> = {
  approve: 'Approve: it stands as it is',
  reject: 'Send back, with words on what shall be different',
  edit: 'Change it: your version stands',
  skip: 'Skip: go on without it',
  abort: 'End the whole run',
};

/** The form of a one-time link: plain HTML, no script. */
export function decisionForm(form: DecisionForm) {
  const { crew, approval, shown, by, actions, problems = [], sent = {} } = form;
  const { question, kind, taskId, tool, deadline, onDeadline, answerSchema } = approval;
  const what = kind === 'tool_call' ? `Call of ${tool?.name ?? 'a tool'}` : kind === 'budget' ? 'Budget' : 'Output';
  const field = (name: string, label: string, value: string) =>
    html`<label class="text" for="${name}">${label}</label>
      <textarea id="${name}" name="${name}" rows="5">${sent[name] ?? value}</textarea>`;
  return page(
    `Decision on ${taskId}`,
    html`<h1>${question ?? `Is this right for the task ${taskId}?`}</h1>
      <p>Crew ${crew}, task ${taskId}. You decide as <strong>${by}</strong>.</p>
      ${deadline === undefined ? '' : html`<p>Please decide by ${inWords(deadline)}; after that: ${onDeadline}.</p>`}
      ${
        problems.length === 0
          ? ''
          : html`<div class="problems" role="alert">
              <p>This could not be taken:</p>
              <ul>
                ${problems.map((problem) => html`<li>${problem}</li>`)}
              </ul>
            </div>`
      }
      <h2>${what}</h2>
      <pre tabindex="0">${shown}</pre>
      <form method="post">
        <fieldset>
          <legend>Your decision</legend>
          ${actions.map(
            (action) =>
              html`<label class="choice"
                ><input
                  type="radio"
                  name="action"
                  value="${action}"
                  required
                  ${sent['action'] === action ? raw('checked') : ''}
                />
                ${LABELS[action]}</label
              >`,
          )}
        </fieldset>
        ${actions.includes('reject') ? field('feedback', 'What shall be different (to send back)', '') : ''}
        ${
          actions.includes('edit')
            ? kind === 'tool_call'
              ? field('arguments', 'Arguments as JSON (to change the call)', shown)
              : field('output', 'Your version (to change it)', shown)
            : ''
        }
        ${answerSchema === undefined ? '' : answerField(answerSchema, sent['answer'])}
        <button type="submit">Decide</button>
      </form>
      <p class="small">This link works once. Opening it decides nothing.</p>`,
  );
}

/** Where an answer is asked for: a list to choose from where its schema is one, else free text. */
function answerField(schema: NonNullable<ApprovalView['answerSchema']>, sent = '') {
  const label = html`<label class="text" for="answer">Your answer (with an approval)</label>`;
  const choices = choicesOf(schema);
  if (!choices) {
    return html`${label}<textarea id="answer" name="answer" rows="5">${sent}</textarea>`;
  }
  const option = (value: string, text: string) =>
    html`<option value="${value}" ${value === sent ? raw('selected') : ''}>${text}</option>`;
  return html`${label}<select id="answer" name="answer">
      ${option('', 'Choose')}${choices.map((choice) => option(choice, choice))}
    </select>`;
}

/** The texts that an answer is one of, where it is. */
function choicesOf(schema: NonNullable<ApprovalView['answerSchema']>): string[] | undefined {
  const choices = typeof schema === 'string' ? undefined : schema['enum'];
  return Array.isArray(choices) && choices.every((choice) => typeof choice === 'string') ? choices : undefined;
}

/** True where what is typed is the answer, whatever it looks like: `5` is then no number. */
export function answerIsText(schema: NonNullable<ApprovalView['answerSchema']>): boolean {
  return choicesOf(schema) !== undefined || (typeof schema !== 'string' && schema['type'] === 'string');
}

/** A time for people, wherever they are. */
function inWords(time: string): string {
  const format = { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' } as const;
  return `${new Intl.DateTimeFormat('en-GB', format).format(new Date(time))} UTC`;
}

/** A page that says something and offers nothing more. */
export function messagePage(title: string, ...words: string[]) {
  return page(
    title,
    html`<h1>${title}</h1>
      ${words.map((text) => html`<p>${text}</p>`)}`,
  );
}

function page(title: string, body: ReturnType<typeof html>) {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex, nofollow" />
        <title>${title}</title>
        <style>
          ${raw(STYLE)}
        </style>
      </head>
      <body>
        <main>${body}</main>
      </body>
    </html>`;
}
