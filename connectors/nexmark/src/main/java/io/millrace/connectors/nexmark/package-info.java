/**
 * The Nexmark event generator: every value a function of (seed, event number), so that a replay, a split and another
 * parallelism give the same events.
 *
 * <p>Read {@link io.millrace.connectors.nexmark.NexmarkConfig} for what can be set, {@link
 * io.millrace.connectors.nexmark.NexmarkBids} for the generator that fills columns, and {@link
 * io.millrace.connectors.nexmark.NexmarkReference} for the same in plain Java, one event at a time: the oracle of the
 * first, sharing only the random numbers and the event times with it.
 *
 * <pre>
 *   random(e, f)      SplitMix64's value number 64 e + f + 1 from the seed (Steele, Lea, Flood 2014); f tells fields apart
 *   low, high         its halves as unsigned 32-bit numbers; below(h, n) = h n / 2^32
 *   letters           2^20 bytes: letter i = 'a' + below(low, 26) of random(-100000 - i, 0)
 *   words             2^16 bytes: ' ' where below(low, 13) = 0, else 'a' + below(high, 26), of random(-2000000 - i, 0)
 *   url of channel k  characters from random(-1 - k, f), k &lt; 10000; the four hot channels are 10000 .. 10003
 *   price             floor(100 A[h &gt;&gt; 24] B[h &gt;&gt; 16 &amp; 255] C[h &gt;&gt; 8 &amp; 255] + 0.5), h = high, with the tables
 *                     10^(6 i / 2^8), 10^(6 i / 2^16), 10^(6 i / 2^24): log-uniform from 100 to 10^8
 * </pre>
 *
 * <p>Event numbers count from 0. A position is a place in the order of emission; event and position are the same number
 * unless a disorder is asked for. Proportions, hot keys, id rules (the bidder's base added twice as well) and sizes are
 * those of the public benchmark.
 */
package io.millrace.connectors.nexmark;
