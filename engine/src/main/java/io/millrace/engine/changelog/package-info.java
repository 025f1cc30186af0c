/**
 * Changes on their way to a reader: folded by key, so that what is seen is the net change.
 *
 * <p>Read {@link io.millrace.engine.changelog.PendingRows}. A changelog is a multiset of rows and weights whose meaning
 * does not depend on order within an epoch; views and clients see it folded at the end of one. One thread an object.
 */
package io.millrace.engine.changelog;
