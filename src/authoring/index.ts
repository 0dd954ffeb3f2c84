/** What authors of tools, guardrail functions and schemas import: `agent-orchestration-service/authoring`. See docs/tools.md. */
export {
  defineGuardrail,
  defineSchema,
  defineTool,
  type Guardrail,
  type GuardrailDefinition,
  type NamedSchema,
  type SchemaDefinition,
  type Tool,
  type ToolContext,
  type ToolDefinition,
  type ToolResult,
} from './define.js';
export { testGuardrail, testTool } from './testing.js';
export { ToolCallError } from '../contract/tool-error.js';
export type { GuardrailInput, GuardrailVerdict, ToolOutcome } from '../ports.js';
