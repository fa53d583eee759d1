import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { errorCode } from '../../bin/exit.js';
import { whileSaying } from '../../bin/embedded/progress.js';
import { executableOn, isExecutable, type Looking } from '../../bin/embedded/temporalExecutable.js';

const VERSION = '1.32.0';

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>threefold</groupId><artifactId>test-server</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>io.temporal</groupId><artifactId>temporal-test-server</artifactId><version>${VERSION}</version></dependency>
  </dependencies>
</project>
`;

/**
 * The Temporal server that skips time: the one wanted, in the cache, downloaded by the SDK, or from Maven with Java.
 * Throws with what to install when none can be had.
 */
export async function findTimeSkipping(looking: Looking): Promise<string> {
  if (looking.wanted !== null) return looking.wanted;
  const folder = join(looking.cacheDir, `test-server-${VERSION}`);
  const fromMaven = join(folder, 'run');
  const present = isExecutable(fromMaven) ? fromMaven : downloadedIn(looking.cacheDir);
  return present ?? (await download(looking)) ?? (await fetchWithMaven(looking, folder)) ?? giveUp();
}

function downloadedIn(cacheDir: string): string | null {
  const folder = join(cacheDir, 'download');
  try {
    return readdirSync(folder).filter((name) => name.startsWith('temporal-test-server')).map((name) => join(folder, name)).find(isExecutable) ?? null;
  } catch {
    return null;
  }
}

async function download({ cacheDir, say }: Looking): Promise<string | null> {
  const downloadDir = join(cacheDir, 'download');
  mkdirSync(downloadDir, { recursive: true });
  return whileSaying(say, 'Downloading the Temporal test server (once)', async () => {
    try {
      const { TestWorkflowEnvironment } = await import('@temporalio/testing');
      const environment = await TestWorkflowEnvironment.createTimeSkipping({ server: { executable: { type: 'cached-download', downloadDir, ttl: '3650d' } } });
      await environment.teardown();
      return downloadedIn(cacheDir);
    } catch {
      say('The download did not work.');
      return null;
    }
  });
}

/** Fetched into a folder of its own and moved into place whole, so that two at once do no harm. */
async function fetchWithMaven({ cacheDir, path, say }: Looking, target: string): Promise<string | null> {
  const maven = executableOn(path, 'mvn');
  const java = executableOn(path, 'java');
  if (maven === null || java === null) return null;
  const draft = mkdtempSync(join(cacheDir, 'test-server-'));
  try {
    writeFileSync(join(draft, 'pom.xml'), POM);
    writeFileSync(join(draft, 'run'), `#!/bin/sh\nexec '${java}' -cp '${target}/lib/*' io.temporal.testserver.TestServer "$1"\n`, { mode: 0o755 });
    await whileSaying(say, 'Fetching the Temporal test server with Maven (once)', () =>
      promisify(execFile)(maven, ['-q', '-B', '-f', join(draft, 'pom.xml'), 'dependency:copy-dependencies', `-DoutputDirectory=${join(draft, 'lib')}`]),
    );
    moveInto(draft, target);
    return join(target, 'run');
  } catch (error) {
    say(`Maven did not get it (${error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'error'}).`);
    return null;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

function moveInto(draft: string, target: string): void {
  try {
    renameSync(draft, target);
  } catch (error) {
    // Another run was first; what it has put there is the same.
    if (errorCode(error) !== 'ENOTEMPTY' && errorCode(error) !== 'EEXIST') throw error;
  }
}

function giveUp(): never {
  throw new Error('The Temporal test server could be neither downloaded nor fetched: set THREEFOLD_TEST_SERVER to it, or install Java 17 and Maven.');
}
