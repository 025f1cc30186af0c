package io.millrace.connectors.nexmark;

/** One event as a plain object. Times are microseconds since the epoch. */
public sealed interface NexmarkEvent {
    long eventId();

    long dateTimeMicros();

    /** Somebody who sells and bids. */
    record Person(
            long eventId,
            long id,
            String name,
            String emailAddress,
            String creditCard,
            String city,
            String state,
            long dateTimeMicros,
            String extra)
            implements NexmarkEvent {}

    /** An item for sale. */
    record Auction(
            long eventId,
            long id,
            String itemName,
            String description,
            long initialBid,
            long reserve,
            long dateTimeMicros,
            long expiresMicros,
            long seller,
            long category,
            String extra)
            implements NexmarkEvent {}

    /** An offer for an item. */
    record Bid(
            long eventId,
            long auction,
            long bidder,
            long price,
            String channel,
            String url,
            long dateTimeMicros,
            String extra)
            implements NexmarkEvent {}
}
