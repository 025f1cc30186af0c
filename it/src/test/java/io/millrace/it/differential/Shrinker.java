package io.millrace.it.differential;

import java.util.function.Predicate;

/** Looks for a smaller query that fails as well. */
final class Shrinker {
    private static final int MAX_ATTEMPTS = 300;

    private Shrinker() {}

    /** Follows the first smaller query that fails, again and again, until none does or it was tried often enough. */
    static RandomQuery shrink(RandomQuery failing, Predicate<RandomQuery> fails) {
        RandomQuery smallest = failing;
        int attempts = 0;
        boolean found = true;
        while (found) {
            found = false;
            for (RandomQuery candidate : smallest.smaller()) {
                if (candidate.size() >= smallest.size()) {
                    continue;
                }
                attempts++;
                if (attempts > MAX_ATTEMPTS) {
                    return smallest;
                }
                if (fails.test(candidate)) {
                    smallest = candidate;
                    found = true;
                    break;
                }
            }
        }
        return smallest;
    }
}
