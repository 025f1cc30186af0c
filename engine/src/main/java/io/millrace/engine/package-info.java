/**
 * The engine in a process of one's own: open it, get a session, execute SQL, pull batches.
 *
 * <p>Read {@link io.millrace.engine.Millrace}, then {@link io.millrace.engine.Session} and {@link
 * io.millrace.engine.Result}. The command line and the server use nothing else.
 *
 * <pre>
 *   Millrace    budget, workers, jobs, views        one a process, thread-safe
 *   Session     catalog, settings                   one thread
 *   Results     a script, statement by statement    one thread
 *   Result      one statement: schema, batches      one thread; cancel and progress from any
 *   ScriptJob   a script that runs as one job
 * </pre>
 */
package io.millrace.engine;
