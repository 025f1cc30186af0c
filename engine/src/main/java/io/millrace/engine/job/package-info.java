/**
 * Jobs as the engine knows them: what runs, how far it is, which views it fills.
 *
 * <p>Read {@link io.millrace.engine.job.JobRegistry}, then {@link io.millrace.engine.job.EngineJob}. A job is one
 * operator graph; the statements of a script or of a statement set share one. Any thread may ask.
 */
package io.millrace.engine.job;
