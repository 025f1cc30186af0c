/**
 * Tasks: a tree of operators joined by forward edges, driven together by one worker at a time.
 *
 * <p>Read {@link io.millrace.scheduler.task.Task}, then {@code TaskNode}. A graph is cut into chains by {@link
 * io.millrace.scheduler.task.ChainPlan}: a forward edge whose emitter nobody else reads stays inside a task, every
 * other edge becomes rings. A task drives whatever of it lies furthest downstream and can get on, so little waits
 * inside it:
 *
 * <pre>
 *   ring --> Inputs -> operator -> local queue -> Inputs -> operator -> EdgeWriter --> rings
 *               least watermark,                               the task's root
 *               alignment of markers
 * </pre>
 *
 * <p>Control is taken in order with the batches. A node calls its operator for it, waits until nothing is pending, and
 * forwards it. A node takes nothing while its output is full or something is pending; it never stops reading one input
 * because of another, but for alignment. Why that cannot lock: of the tasks that wait to align, take one at the
 * earliest epoch; the tasks it waits for have not yet sent that marker, so no channel of theirs is held up by
 * alignment, and following full channels downstream from them ends at a task that can get on.
 *
 * <p>Nothing here knows a thread. Everything a task owns is used by whoever calls {@code step}, one caller at a time.
 */
package io.millrace.scheduler.task;
