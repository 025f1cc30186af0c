package io.millrace.storage;

import java.util.Collection;

/** Finds the name that was perhaps meant. */
final class NearestName {
    private NearestName() {}

    /** The name with the least edit distance (Levenshtein), or null when none is near. */
    static String among(Collection<String> names, String wanted) {
        String nearest = null;
        int least = Math.max(3, wanted.length() / 2) + 1;
        for (String name : names) {
            int distance = distance(name, wanted);
            if (distance < least) {
                least = distance;
                nearest = name;
            }
        }
        return nearest;
    }

    private static int distance(String a, String b) {
        int[] before = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            before[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = before[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(before[j], row[j - 1]));
            }
            before = row;
        }
        return before[b.length()];
    }
}
