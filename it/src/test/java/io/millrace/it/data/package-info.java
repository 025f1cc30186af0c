/**
 * Generated data for the tests of this module, always the same for a seed, and a source of changes.
 *
 * <p>Read {@link io.millrace.it.data.CorpusData} for the files and what lies in them, and {@link
 * io.millrace.it.data.ChangelogConnectorFactory} for {@code 'connector' = 'changelog'}: a table whose rows come and go,
 * stated line by line, which SQL alone cannot state.
 */
package io.millrace.it.data;
