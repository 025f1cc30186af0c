/**
 * The state directory of a job: on local disk, of one engine at a time. Read {@link
 * io.millrace.state.lock.StateDirectory}.
 *
 * <pre>
 *   DIR/lock           locked while in use; text: who uses it
 *   DIR/checkpoints/   where checkpoints go unless told otherwise
 *   DIR/tier/          what goes when the engine goes: emptied when it starts
 * </pre>
 *
 * <p>The lock is the system's, so it ends with the process, however that ends. It is not what keeps checkpoints safe
 * from an old instance on another machine: their log is.
 */
package io.millrace.state.lock;
