/**
 * Serving over HTTP: jobs, views, late and bad rows, metrics, and a page that shows them.
 *
 * <p>Read {@link io.millrace.server.MillraceServer}, then {@code Routes}: the table of what can be asked. Every answer
 * is made whole before its first byte goes out, on a virtual thread of its own; nothing here touches a worker.
 *
 * <pre>
 *   GET /                          the page; /page.css and /page.js belong to it
 *   GET /health                    200 while no job has failed, else 503
 *   GET /metrics                   Prometheus text; names begin with millrace_
 *   GET /v1/memory                 where the process's memory is, as EXPLAIN MEMORY shows it
 *   GET /v1/jobs                   all jobs
 *   GET /v1/jobs/{job}             one, by id or name
 *   POST /v1/jobs/{job}/savepoint  ?name= takes a savepoint where the job's go, below --savepoints; needs the header
 *                                  X-Millrace, which no other origin can send
 *   GET /v1/views/{view}           rows of one epoch: ?limit= &amp;offset= &amp;order=column,-column &amp;result=partial|final
 *   GET /v1/tables/{table}/late    the newest rows that came too late, and how many there were
 *   GET /v1/tables/{table}/bad     the newest records that could not be decoded
 * </pre>
 *
 * <p>There is no authentication yet, so there is no door: only loopback addresses are bound, a request must name one in
 * its {@code Host} (a page of another site cannot have itself resolved to here), no other origin is let in, and a path
 * holds names of jobs, views and tables, never of files.
 */
package io.millrace.server;
