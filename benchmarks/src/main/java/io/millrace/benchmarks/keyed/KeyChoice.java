package io.millrace.benchmarks.keyed;

import java.util.Arrays;

/** Which of so many keys a row has, from its position alone. Immutable, thread-safe. */
public final class KeyChoice {
    /** How keys are drawn. */
    public enum Kind {
        /** Each key once, then again. */
        EACH,
        /** All equally likely. */
        UNIFORM,
        /** The key of rank r with a probability that falls with r to the power of 0.99. */
        ZIPF
    }

    private static final double ZIPF_EXPONENT = 0.99;

    private final Kind kind;
    private final int keys;
    private final long seed;
    private final int[] alias;
    private final int[] ownShare;

    public KeyChoice(Kind kind, int keys, long seed) {
        this.kind = kind;
        this.keys = keys;
        this.seed = seed;
        this.alias = kind == Kind.ZIPF ? new int[keys] : null;
        this.ownShare = kind == Kind.ZIPF ? new int[keys] : null;
        if (kind == Kind.ZIPF) {
            fillAlias();
        }
    }

    /** The alias method (Walker 1977, in the order of Vose 1991): one column, then it or its alias. */
    private void fillAlias() {
        double[] share = new double[keys];
        for (int i = 0; i < keys; i++) {
            share[i] = Math.pow(i + 1.0, -ZIPF_EXPONENT);
        }
        double scale = keys / Arrays.stream(share).sum();
        int[] small = new int[keys];
        int[] large = new int[keys];
        int smalls = 0;
        int larges = 0;
        for (int i = 0; i < keys; i++) {
            share[i] *= scale;
            alias[i] = i;
            ownShare[i] = Integer.MAX_VALUE;
            if (share[i] < 1) {
                small[smalls++] = i;
            } else {
                large[larges++] = i;
            }
        }
        while (smalls > 0 && larges > 0) {
            int less = small[--smalls];
            int more = large[larges - 1];
            ownShare[less] = (int) (share[less] * Integer.MAX_VALUE);
            alias[less] = more;
            share[more] -= 1 - share[less];
            if (share[more] < 1) {
                larges--;
                small[smalls++] = more;
            }
        }
    }

    public int keys() {
        return keys;
    }

    /** From 0 to the number of keys. */
    public int key(long position) {
        if (kind == Kind.EACH) {
            return (int) (position % keys);
        }
        long random = mix(position + seed);
        int column = (int) ((random >>> 32) * keys >>> 32);
        if (kind == Kind.UNIFORM) {
            return column;
        }
        return (random & Integer.MAX_VALUE) <= ownShare[column] ? column : alias[column];
    }

    /** SplitMix64's sequence at a place (Steele, Lea, Flood 2014). */
    private static long mix(long place) {
        long z = place * 0x9e3779b97f4a7c15L;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }
}
