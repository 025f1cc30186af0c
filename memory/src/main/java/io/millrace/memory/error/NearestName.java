package io.millrace.memory.error;

import java.util.Collection;
import java.util.Locale;

/** Finds what a misspelled name was meant to be. */
public final class NearestName {
    private NearestName() {}

    /**
     * The candidate with the smallest edit distance, letter case aside, or null when none is near: at most a third of
     * the longer name's characters may differ.
     */
    public static String of(String name, Collection<String> candidates) {
        String lower = name.toLowerCase(Locale.ROOT);
        String best = null;
        int bestDistance = Integer.MAX_VALUE;
        for (String candidate : candidates) {
            int distance = distance(lower, candidate.toLowerCase(Locale.ROOT));
            int allowed = Math.max(1, Math.max(name.length(), candidate.length()) / 3);
            if (distance <= allowed && distance < bestDistance) {
                best = candidate;
                bestDistance = distance;
            }
        }
        return best;
    }

    /** {@code Did you mean 'x'?}, or {@code otherwise} when nothing is near. */
    public static String advice(String name, Collection<String> candidates, String otherwise) {
        String nearest = of(name, candidates);
        return nearest == null ? otherwise : "Did you mean '" + nearest + "'?";
    }

    /** Insertions, deletions and substitutions from one to the other (Wagner and Fischer, 1974). */
    private static int distance(String a, String b) {
        int[] above = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            above[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(substituted, Math.min(above[j], row[j - 1]) + 1);
            }
            int[] done = above;
            above = row;
            row = done;
        }
        return above[b.length()];
    }
}
