/**
 * What every run of a worker shares. The SDK loads the modules of a workflow again for each run, so that their state is its own; ours
 * have none, and are loaded once, before the first run, and frozen (`preloadModules`). So nothing here may keep anything of a run at
 * module level.
 */
import './index.js';
