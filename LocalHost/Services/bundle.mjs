// Azurite in one file. Finding and reading its two thousand files is half of its start.
import { join } from 'node:path';

// Databases that Azurite can be set up with and whose packages it does not bring along.
const NotInstalled = ['ibm_db', 'mariadb', 'mysql2', 'oracledb', 'pg', 'pg-hstore', 'snowflake-sdk', 'sqlite3'];

export async function bundleAzurite(modules) {
  try {
    const { build } = await import('esbuild');
    await build({
      entryPoints: [join(modules, 'azurite', 'dist', 'src', 'azurite.js')],
      outfile: join(modules, '.azurite', 'azurite.cjs'),
      external: NotInstalled,
      bundle: true,
      platform: 'node',
      target: 'node20',
      logLevel: 'silent',
    });
  } catch (error) {
    console.log(`Azurite starts from its own files, which takes longer, since they could not be bundled: ${error.message}`);
  }
}
