/**
 * What every run of a worker shares. The SDK loads the modules of a workflow again for each run, so that their state is its own; what
 * has none is loaded once, before the first run, and frozen (`preloadModules`). Nothing here may keep anything of a run at module
 * level, nor import OpenTelemetry's API, which does.
 */
import './ask-model.js';
import './ask-person.js';
import './budget.js';
import './carry.js';
import './checks.js';
import './collect-store.js';
import './context.js';
import './control.js';
import './delegate.js';
import './details.js';
import './failure.js';
import './inbox.js';
import './journal.js';
import './mailbox.js';
import './manager.js';
import './publisher.js';
import './queued.js';
import './run-batch.js';
import './run-scheduled.js';
import './run-state.js';
import './run-thread.js';
import './settle.js';
import './tool-approval.js';
import './tools.js';
import '../crew/plan.js';
