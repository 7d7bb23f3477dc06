import { deepEqual } from "node:assert/strict";
import { countLine } from "../../lib/commands/test.ts";
import { readJunit } from "../../lib/commands/test/junit.ts";

/** As `deno test --junit-path` of Deno 2.9.6 wrote it, shortened. */
const report = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="deno test" tests="6" failures="2" errors="0" time="0.185">
    <testsuite name="./tests/a_test.ts" tests="5" disabled="1" errors="0" failures="2">
        <testcase name="ok" classname="./tests/a_test.ts" time="0.001" line="1" col="6">
        </testcase>
        <testcase name="skip me (needs a GPU)" classname="./tests/a_test.ts" time="0.000" line="2" col="6">
            <skipped/>
        </testcase>
        <testcase name="bad &lt;x&gt; &amp; &quot;q&quot;" classname="./tests/a_test.ts" time="0.003" line="3" col="6">
            <failure message="1 test step failed">1 test step failed.</failure>
        </testcase>
        <testcase name="bad &lt;x&gt; &amp; &quot;q&quot; &gt; inner" classname="./tests/a_test.ts" time="0.000" line="3" col="53">
            <failure message="Uncaught Error: boom &lt;b&gt;">Error: boom</failure>
        </testcase>
    </testsuite>
    <testsuite name="./tests/c_test.ts" tests="1" disabled="0" errors="0" failures="0">
        <testcase name="ok &gt; not a step of the other file's test" classname="./tests/c_test.ts" time="0.5" line="1" col="27"/>
    </testsuite>
</testsuites>`;

Deno.test("readJunit() counts tests and not their steps", () => {
  deepEqual(readJunit(report), [
    { file: "./tests/a_test.ts", name: "ok", outcome: "passed", seconds: 0.001 },
    { file: "./tests/a_test.ts", name: "skip me (needs a GPU)", outcome: "skipped", seconds: 0 },
    { file: "./tests/a_test.ts", name: 'bad <x> & "q"', outcome: "failed", seconds: 0.003 },
    { file: "./tests/c_test.ts", name: "ok > not a step of the other file's test", outcome: "passed", seconds: 0.5 },
  ]);
});

Deno.test("countLine() names skipped tests only when there are some", () => {
  deepEqual([countLine(12, 0, 0), countLine(3, 1, 2)], ["12 passed, 0 failed", "3 passed, 1 failed, 2 skipped"]);
});
