import { beforeEach } from "vitest"

// Size and depth alone ("of 100,000 steps"): such a test runs nearly every line of a layer for seconds, and would do so
// for each mutant that survives.
beforeEach(({ task, skip }) => skip(/\d0,000|megabyte/.test(task.name), "size alone"))
