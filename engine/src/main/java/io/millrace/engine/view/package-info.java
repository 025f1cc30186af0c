/**
 * Materialized views: what jobs keep of their results, published once an epoch.
 *
 * <p>Read {@link io.millrace.engine.view.View}, then {@code ViewShard} and {@link io.millrace.engine.view.ViewGroup}.
 *
 * <pre>
 *   ViewStore   all views by name                                        any thread
 *   ViewGroup   the views of a job; publishes an epoch of all at once    a lock once an epoch
 *   ViewShard   a writer's share: pending changes, index, segments       one worker
 *   Segment     at most 4096 rows written together, and a bitmap         the shard's; readers see SegmentRows
 *   ViewEpoch   what readers see; counted, freed when the last lets go   any thread, no lock
 *
 *   change -> PendingRows: folded by key as it comes
 *   end of epoch -> rows that went are cleared in their segment's bitmap, a copy if readers have it;
 *                   rows that came are a new segment; small and sparse segments are rewritten
 *                -> the list of segments goes to the group
 * </pre>
 *
 * <p>Rows lie in ordinary batches, so that a query reads a view without a copy. An epoch costs time in proportion to
 * its changes, plus one reference for every 4096 rows of the view.
 */
package io.millrace.engine.view;
