/** What a part that a test starts as a process works with. */
interface PartWorld {
  address: string;
  databaseUrl: string;
  modelUrl: string;
  /** Folder of its crews. */
  crews: string;
  taskQueue: string;
}

/** The environment of such a process: nothing of ours but the path. */
export function partSettings({ address, databaseUrl, modelUrl, crews, taskQueue }: PartWorld) {
  return {
    PATH: process.env['PATH'],
    TEMPORAL_ADDRESS: address,
    DATABASE_URL: databaseUrl,
    OPENAI_BASE_URL: modelUrl,
    OPENAI_API_KEY: 'key-for-tests-0123456789',
    OPENAI_MODEL: 'scripted-model',
    MODELS_CONFIG: 'none',
    MCP_CONFIG: 'none',
    CREWS_DIR: crews,
    TASK_QUEUE: taskQueue,
  };
}
