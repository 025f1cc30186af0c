package io.millrace.sql.names;

import java.util.Collection;
import java.util.Locale;

/** Finds what a misspelled name was meant to be. */
public final class NearestName {
    private NearestName() {}

    /**
     * The candidate with the smallest edit distance (insertions, deletions, substitutions and swaps of neighbours,
     * letter case free), or null when none is near: at most a third of the longer name's characters may differ.
     */
    public static String of(String name, Collection<String> candidates) {
        String best = null;
        int bestDistance = Integer.MAX_VALUE;
        for (String candidate : candidates) {
            int distance = distance(name.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
            int allowed = Math.max(1, Math.max(name.length(), candidate.length()) / 3);
            boolean shorterName = Math.min(name.length(), candidate.length()) > distance;
            if (distance <= allowed && shorterName && distance < bestDistance) {
                best = candidate;
                bestDistance = distance;
            }
        }
        return best;
    }

    /** {@code Did you mean 'x'?}, or {@code fallback} when nothing is near. */
    public static String help(String name, Collection<String> candidates, String fallback) {
        String nearest = of(name, candidates);
        return nearest == null ? fallback : "Did you mean '" + nearest + "'?";
    }

    /** Optimal string alignment distance. */
    private static int distance(String a, String b) {
        int[] twoBack = new int[b.length() + 1];
        int[] oneBack = new int[b.length() + 1];
        int[] current = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            oneBack[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                boolean same = a.charAt(i - 1) == b.charAt(j - 1);
                int best = Math.min(Math.min(current[j - 1], oneBack[j]) + 1, oneBack[j - 1] + (same ? 0 : 1));
                boolean swapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                current[j] = swapped ? Math.min(best, twoBack[j - 2] + 1) : best;
            }
            int[] reused = twoBack;
            twoBack = oneBack;
            oneBack = current;
            current = reused;
        }
        return oneBack[b.length()];
    }
}
