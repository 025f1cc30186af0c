package io.millrace.connectors.nexmark;

import static io.millrace.connectors.nexmark.NexmarkRandom.below;
import static io.millrace.connectors.nexmark.NexmarkRandom.high;
import static io.millrace.connectors.nexmark.NexmarkRandom.low;
import static io.millrace.connectors.nexmark.NexmarkRandom.random;

import io.millrace.connectors.nexmark.NexmarkConfig.Mix;

/**
 * One event at a time, in plain Java: what {@link NexmarkBids} is held against, and what a verifier or a producer of
 * single records uses. Shares the random numbers and the event times with it, and nothing else. Thread-safe.
 */
public final class NexmarkReference {
    private static final String[] HOT_CHANNELS = {"Google", "Facebook", "Baidu", "Apple"};
    private static final int CHANNELS = 10_000;
    private static final int LETTERS = 1 << 20;
    private static final int WORDS = 1 << 16;
    private static final String[] STATES = {"AZ", "CA", "ID", "OR", "WA", "WY"};
    private static final String[] CITIES = {
        "Phoenix", "Los Angeles", "San Francisco", "Boise", "Portland", "Bend", "Redmond", "Seattle", "Kent", "Cheyenne"
    };
    private static final String[] FIRST_NAMES = {
        "Peter", "Paul", "Luke", "John", "Saul", "Vicky", "Kate", "Julie", "Sarah", "Deiter", "Walter"
    };
    private static final String[] LAST_NAMES = {
        "Shultz", "Abrams", "Spencer", "White", "Bartels", "Walton", "Smith", "Jones", "Noris"
    };

    private final NexmarkConfig config;
    private final long seed;
    private final String letters;
    private final String words;

    public NexmarkReference(NexmarkConfig config) {
        this.config = config;
        this.seed = config.seed();
        StringBuilder text = new StringBuilder(LETTERS);
        for (int i = 0; i < LETTERS; i++) {
            text.append((char) ('a' + below(low(random(seed, -100_000 - i, 0)), 26)));
        }
        this.letters = text.toString();
        text.setLength(0);
        for (int i = 0; i < WORDS; i++) {
            long r = random(seed, -2_000_000 - i, 0);
            text.append(below(low(r), 13) == 0 ? ' ' : (char) ('a' + below(high(r), 26)));
        }
        this.words = text.toString();
    }

    /** The event of this number. */
    public NexmarkEvent event(long number) {
        Mix mix = config.mix();
        long place = number % mix.total();
        if (place < mix.persons()) {
            return person(number);
        }
        return place < mix.persons() + mix.auctions() ? auction(number) : bid(number);
    }

    /** Whether the event of this number is a bid. */
    public boolean isBid(long number) {
        return number % config.mix().total() >= config.mix().persons() + config.mix().auctions();
    }

    /** The newest person as of this event, counted from 0. */
    private long lastPerson(long number) {
        Mix mix = config.mix();
        return number / mix.total() * mix.persons() + Math.min(number % mix.total(), mix.persons() - 1);
    }

    /** The newest auction as of this event, counted from 0; -1 before the first. */
    private long lastAuction(long number) {
        Mix mix = config.mix();
        long epoch = number / mix.total();
        long place = number % mix.total() - mix.persons();
        return place < 0 ? epoch * mix.auctions() - 1 : epoch * mix.auctions() + Math.min(place, mix.auctions() - 1);
    }

    /** One of the last thousand people, or of ten yet to be born. */
    private long anyPerson(long number, long half) {
        long people = lastPerson(number) + 1;
        long active = Math.min(people, 1_000);
        return people - active + below(half, active + 10);
    }

    private NexmarkEvent.Person person(long number) {
        String name =
                FIRST_NAMES[pick(number, NexmarkRandom.FIRST_NAME, FIRST_NAMES.length)]
                        + " "
                        + LAST_NAMES[pick(number, NexmarkRandom.LAST_NAME, LAST_NAMES.length)];
        String email =
                word(number, NexmarkRandom.EMAIL_NAME, 7) + "@" + word(number, NexmarkRandom.EMAIL_HOST, 5) + ".com";
        StringBuilder card = new StringBuilder();
        for (int i = 0; i < 4; i++) {
            int digits = pick(number, NexmarkRandom.CREDIT_CARD + i, 10_000);
            card.append(i == 0 ? "" : " ").append(Integer.toString(10_000 + digits), 1, 5);
        }
        String city = CITIES[pick(number, NexmarkRandom.CITY, CITIES.length)];
        String state = STATES[pick(number, NexmarkRandom.STATE, STATES.length)];
        int bytes = 8 + name.length() + email.length() + card.length() + city.length() + state.length();
        return new NexmarkEvent.Person(
                number,
                lastPerson(number) + 1_000,
                name,
                email,
                card.toString(),
                city,
                state,
                config.timeline().eventTimeMicros(number),
                extra(number, bytes, config.sizes().personBytes()));
    }

    private NexmarkEvent.Auction auction(long number) {
        long seller = random(seed, number, NexmarkRandom.SELLER);
        long sellerId =
                below(low(seller), config.hot().auctionSellers()) > 0
                        ? lastPerson(number) / 100 * 100
                        : anyPerson(number, high(seller));
        long initialBid = price(high(random(seed, number, NexmarkRandom.INITIAL_BID)));
        long reserve = initialBid + price(high(random(seed, number, NexmarkRandom.RESERVE)));
        String itemName = word(number, NexmarkRandom.ITEM_NAME, 20);
        String description = word(number, NexmarkRandom.DESCRIPTION, 100);
        int bytes = 8 + itemName.length() + description.length() + 8 + 8 + 8 + 8 + 8;
        return new NexmarkEvent.Auction(
                number,
                lastAuction(number) + 1_000,
                itemName,
                description,
                initialBid,
                reserve,
                config.timeline().eventTimeMicros(number),
                expiresMicros(number),
                sellerId + 1_000,
                10 + pick(number, NexmarkRandom.CATEGORY, 5),
                extra(number, bytes, config.sizes().auctionBytes()));
    }

    /** On average when a hundred further auctions have begun. */
    private long expiresMicros(long number) {
        long now = config.timeline().eventTimeMicros(number);
        long ahead = 100L * config.mix().total() / config.mix().auctions();
        long horizonMillis = (config.timeline().eventTimeMicros(number + ahead) - now) / 1_000;
        long r = high(random(seed, number, NexmarkRandom.EXPIRES));
        return now + (1 + (long) (r * 0x1p-32 * Math.max(2 * horizonMillis, 1))) * 1_000;
    }

    private NexmarkEvent.Bid bid(long number) {
        long bidder = random(seed, number, NexmarkRandom.BIDDER);
        long bidderId =
                below(low(bidder), config.hot().bidBidders()) > 0
                        ? lastPerson(number) / 100 * 100 + 1
                        : anyPerson(number, high(bidder));
        return new NexmarkEvent.Bid(
                number,
                auctionOf(number),
                bidderId + 2_000,
                priceOf(number),
                channelOf(number),
                url(channelIndex(number)),
                config.timeline().eventTimeMicros(number),
                extra(number, 8 + 8 + 8 + 8, config.sizes().bidBytes()));
    }

    /** The auction that the bid of this number is for. */
    public long auctionOf(long number) {
        long auction = random(seed, number, NexmarkRandom.AUCTION);
        long newest = lastAuction(number);
        long oldest = Math.max(newest - 100, 0);
        long auctionId =
                below(low(auction), config.hot().bidAuctions()) > 0
                        ? newest / 100 * 100
                        : oldest + below(high(auction), newest - oldest + 1 + 10);
        return auctionId + 1_000;
    }

    /** The price of the bid of this number. */
    public long priceOf(long number) {
        return price(high(random(seed, number, NexmarkRandom.PRICE)));
    }

    /** The channel of the bid of this number. */
    public String channelOf(long number) {
        int k = channelIndex(number);
        return k >= CHANNELS ? HOT_CHANNELS[k - CHANNELS] : "channel-" + k;
    }

    private int channelIndex(long number) {
        long channel = random(seed, number, NexmarkRandom.CHANNEL);
        boolean hot = low(channel) < 1L << 31;
        return (int) (hot ? CHANNELS + below(high(channel), HOT_CHANNELS.length) : below(high(channel), CHANNELS));
    }

    static long price(long half) {
        double scaled =
                StrictMath.pow(10, 6 * (half >>> 24) * 0x1p-8)
                        * StrictMath.pow(10, 6 * (half >>> 16 & 255) * 0x1p-16)
                        * StrictMath.pow(10, 6 * (half >>> 8 & 255) * 0x1p-24);
        return (long) Math.floor(100 * scaled + 0.5);
    }

    private String url(int k) {
        StringBuilder url = new StringBuilder("https://www.nexmark.com/");
        for (int part = 0; part < 3; part++) {
            long length = 3 + below(low(random(seed, -1 - k, 5 * part + 4)), 2);
            for (int i = 0; i < length; i++) {
                long r = random(seed, -1 - k, 5 * part + i);
                url.append(below(low(r), 13) == 0 ? '_' : (char) ('a' + below(high(r), 26)));
            }
            url.append('/');
        }
        url.append("item.htm?query=1");
        if (k < CHANNELS && below(low(random(seed, -1 - k, 15)), 10) > 0) {
            url.append("&channel_id=").append(Math.abs((long) Integer.reverse(k)));
        }
        return url.toString();
    }

    private int pick(long number, int field, int choices) {
        return (int) below(low(random(seed, number, field)), choices);
    }

    /** Of 3 to {@code limit - 1} characters before its outer spaces are cut off. */
    private String word(long number, int field, int limit) {
        long r = random(seed, number, field);
        int length = (int) (3 + below(low(r), limit - 3));
        int from = (int) below(high(r), WORDS - limit);
        return words.substring(from, from + length).trim();
    }

    /** Pads a record of {@code bytes} to {@code averageBytes} on average, give or take a fifth of what is missing. */
    private String extra(long number, int bytes, int averageBytes) {
        if (bytes > averageBytes) {
            return "";
        }
        int missing = averageBytes - bytes;
        int spread = (int) Math.round(missing * 0.2);
        long r = random(seed, number, NexmarkRandom.EXTRA);
        int length = missing - spread + (int) below(low(r), 2L * spread);
        int from = (int) below(high(r), LETTERS - NexmarkConfig.Sizes.MAX_BYTES * 2);
        return letters.substring(from, from + length);
    }
}
