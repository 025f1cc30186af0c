package io.millrace.engine.view;

import java.util.List;

/**
 * What a writer hands over at the end of an epoch.
 *
 * @param added segments that the version before had not
 * @param retired segments that only versions before have
 * @param ended whether none will follow
 */
record ShardDelivery(ShardVersion version, List<Segment> added, List<Segment> retired, boolean ended) {}
